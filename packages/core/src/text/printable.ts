// What a terminal would obey instead of show (C0, DEL, C1), and what would make text read otherwise than it is
// stored (line separators, invisible and bidirectional controls, tag characters). The joiners of emoji and of
// Indic and Persian text are not among them.
const unprintable =
  /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|\p{Cs}/gu

/**
 * Makes text from a trace, a model or a person safe to print: what a terminal would obey rather than show becomes
 * a JSON escape (`\u001b`). Line breaks and tabs are escaped as well, so that the result is one line.
 *
 * @example printable('a\u001b[2Jb\n') // 'a\\u001b[2Jb\\n'
 */
export function printable(text: string): string {
  return text.replace(unprintable, escapeCharacter)
}

/** Like {@link printable}, line by line: line breaks stay, a tab becomes two spaces. */
export function printableLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => printable(line.replaceAll('\t', '  ')))
}

/** JSON text that parses to the same value and that a terminal cannot obey. `indent` as for `JSON.stringify`. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null'
  // JSON.stringify has escaped C0 inside strings; a line break outside of one is its own indentation.
  return text.replace(unprintable, (character) =>
    character === '\n' ? character : escapeCharacter(character),
  )
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
