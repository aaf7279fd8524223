import { findUnseen } from './unseen.ts'

/**
 * Makes text from a trace, a model or a person safe to print: what a terminal would obey rather than show, and what a
 * reader does not see or takes for another character, becomes a JSON escape (`\u001b`). {@link findUnseen} says what this is.
 * Line breaks and tabs are escaped as well, so that the result is one line.
 *
 * @example printable('a\u001b[2Jb\n') // 'a\\u001b[2Jb\\n'
 */
export function printable(text: string): string {
  return printableParts([text]).join('')
}

/** Like {@link printable}, of the parts of one text: each is judged by what stands around it. */
export function printableParts(parts: readonly string[]): readonly string[] {
  const unseen = findUnseen(parts.join(''))
  if (unseen.length === 0) return parts
  let begin = 0
  let next = 0
  return parts.map((part) => {
    const end = begin + part.length
    let shown = ''
    let from = begin
    for (let one = unseen[next]; one && one.at < end; one = unseen[++next]) {
      shown += part.slice(from - begin, one.at - begin) + escapeCharacter(one.character)
      from = one.at + one.character.length
    }
    shown += part.slice(from - begin)
    begin = end
    return shown
  })
}

/** Like {@link printable}, line by line: line breaks stay, a tab becomes two spaces. */
export function printableLines(text: string): string[] {
  const parts = text.replaceAll('\t', '  ').split(/(\r\n|\n|\r)/)
  return printableParts(parts).filter((_, at) => at % 2 === 0)
}

/** JSON text that parses to the same value and that a terminal cannot obey. `indent` as for `JSON.stringify`. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null'
  // JSON.stringify has escaped C0 inside strings; a line break outside of one is its own indentation.
  return printableParts(text.split(/(\n)/))
    .map((part, at) => (at % 2 === 1 ? '\n' : part))
    .join('')
}

/** A character as JSON writes it in a string when it has to be plain ASCII. */
export function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
