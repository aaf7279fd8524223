import type { Json } from '@trace2/instrumentation/semconv'
import { type Paint, printableJson, printableLines } from '@trace2/optimizer/render'
import { diffLines, diffWordsWithSpace } from 'diff'

/**
 * The difference between two values of a parameter, line by line, `-` before what goes and `+` before what comes.
 * Where one line was rewritten into one, the words that changed stand out. Printable.
 */
export function valueDiff(before: Json, after: Json, paint: Paint): string {
  const changes = diffLines(linesOf(before), linesOf(after))
  const output: string[] = []
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]
    const next = changes[index + 1]
    if (!change) continue
    const lines = linesIn(change.value)
    if (change.removed && next?.added && lines.length === linesIn(next.value).length) {
      output.push(...rewritten(lines, linesIn(next.value), paint))
      index++
    } else if (change.removed) {
      output.push(...lines.map((line) => paint('error', `- ${line}`)))
    } else if (change.added) {
      output.push(...lines.map((line) => paint('good', `+ ${line}`)))
    } else {
      output.push(...unchanged(lines, index === 0, index === changes.length - 1))
    }
  }
  return output.join('\n')
}

/** Removed lines, then added ones; the words that differ are set in bold. */
function rewritten(before: readonly string[], after: readonly string[], paint: Paint): string[] {
  const pairs = before.map((line, index) => diffWordsWithSpace(line, after[index] ?? ''))
  const side = (sign: '-' | '+', tone: 'error' | 'good') =>
    pairs.map((words) => {
      const text = words
        .filter(({ added, removed }) => (sign === '-' ? !added : !removed))
        .map(({ value, added, removed }) =>
          added || removed ? paint('strong', paint(tone, value)) : paint(tone, value),
        )
      return paint(tone, `${sign} `) + text.join('')
    })
  return [...side('-', 'error'), ...side('+', 'good')]
}

const context = 3

/** Of a long stretch that did not change, only what is near a change. */
function unchanged(lines: readonly string[], first: boolean, last: boolean): string[] {
  const head = first ? 0 : context
  const tail = last ? 0 : context
  const shown = lines.map((line) => `  ${line}`)
  if (lines.length <= head + tail + 1) return shown
  const left = lines.length - head - tail
  return [
    ...shown.slice(0, head),
    `  … ${left} unchanged lines …`,
    ...shown.slice(shown.length - tail),
  ]
}

/** Printable text that ends in a line break, so that a missing one at the end is no difference. */
function linesOf(value: Json): string {
  const lines = typeof value === 'string' ? printableLines(value) : [printableJson(value, 2)]
  return `${lines.join('\n')}\n`
}

function linesIn(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}
