import { changedLines, type Json, linesToCompare, printable } from '@trace2/core'
import { diffArrays } from 'diff'

/** Lines without a change that are shown around one. */
const context = 3

/** Beyond this a diff is not looked for: two texts that have so little in common are best read one after the other. */
const mostEdits = 4_000

/**
 * The difference of two values as lines with `-`, `+` or a space before them, of which each can be printed and shows what a
 * reader would not see. It is made of the whole values; of a long one, the beginning is shown and the rest is counted.
 */
export function patch(before: Json, after: Json, longest: number): string {
  const [old, changed] = linesToCompare(before, after)
  const changes = diffArrays([...old], [...changed], { maxEditLength: mostEdits }) ?? [
    { value: [...old], removed: true, added: false },
    { value: [...changed], removed: false, added: true },
  ]
  const lines: string[] = []
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]
    if (!change) continue
    if (!change.removed && !change.added) {
      lines.push(...unchanged(change.value, index === 0, index === changes.length - 1))
      continue
    }
    const next = change.removed ? changes[index + 1] : undefined
    const isRewritten = next?.added === true
    const { removed, added } = changedLines(
      change.removed ? change.value : [],
      isRewritten ? next.value : change.added ? change.value : [],
    )
    if (isRewritten) index++
    lines.push(...removed.map(({ shown }) => `-${shown}`), ...added.map(({ shown }) => `+${shown}`))
  }
  return shortened(lines, longest)
}

function unchanged(lines: readonly string[], first: boolean, last: boolean): readonly string[] {
  const shown = lines.map((line) => ` ${printable(line.replace(/\r$/, '').replaceAll('\t', '  '))}`)
  // Where nothing changed, the value itself is what there is to show.
  if (first && last) return shown
  const [head, tail] = [first ? 0 : context, last ? 0 : context]
  const left = lines.length - head - tail
  if (left <= 1) return shown
  const words = ` … ${left} unchanged lines …`
  return [...shown.slice(0, head), words, ...shown.slice(shown.length - tail)]
}

function shortened(lines: readonly string[], longest: number): string {
  let length = 0
  for (const [at, line] of lines.entries()) {
    length += line.length + 1
    if (length <= longest) continue
    const left = lines.slice(at)
    const changes = left.filter((one) => !one.startsWith(' ')).length
    const begun = line.slice(0, Math.max(0, longest - (length - line.length)))
    const more = `… cut here: ${left.length} lines, ${changes} of them changed, are not shown whole …`
    return [...lines.slice(0, at), ...(begun === '' ? [] : [begun]), more].join('\n')
  }
  return lines.join('\n')
}
