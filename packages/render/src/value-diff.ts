import {
  type ChangedLine,
  changedLines,
  type Json,
  linesToCompare,
  printable,
  printableParts,
  withEndShown,
} from '@trace2/core'
import { diffArrays, diffWordsWithSpace } from 'diff'
import type { Segment } from './line.ts'
import type { Paint, Tone } from './view.ts'
import { displayWidth, wrapped } from './width.ts'

/** Options of {@link renderValueDiff}. */
export interface ValueDiffOptions {
  /** Width of the terminal, in columns. Default 80. */
  readonly width?: number
  /** Adds colors to text. Default: no colors. */
  readonly paint?: Paint
}

/**
 * Shows the difference between two values of a parameter, line by line. Removed lines begin with `-`, added lines with
 * `+`. In a line that was rewritten, the changed words stand out. Long lines are wrapped and indented, long parts
 * without a change are shortened. The text is safe to print.
 *
 * Characters that a reader does not see or takes for others are JSON escapes (`\u200b`). Where two lines would look the same,
 * that is so for all that differs: blanks at the end of a line, tabs, line endings, forms of letters.
 *
 * @example console.log(renderValueDiff(proposal.baseValue, proposal.value, { width: process.stdout.columns }))
 */
export function renderValueDiff(before: Json, after: Json, options: ValueDiffOptions = {}): string {
  const { width = 80, paint = (_tone: Tone, text: string) => text } = options
  return rowsOf(before, after)
    .flatMap(({ sign, tone, segments }) =>
      wrapSegments(segments, Math.max(20, width - 2)).map((line) => {
        const text = line.map(([pieceTone, piece]) =>
          pieceTone === 'strong' ? paint('strong', paint(tone, piece)) : paint(pieceTone, piece),
        )
        return paint(tone, `${sign} `) + text.join('')
      }),
    )
    .join('\n')
}

interface Row {
  readonly sign: '-' | '+' | ' '
  readonly tone: Tone
  /** In the tone of the row; `strong` where a word changed. */
  readonly segments: readonly Segment[]
}

/** Beyond this a diff is not looked for: two texts that have so little in common are best read one after the other. */
const mostEdits = 4_000

function rowsOf(before: Json, after: Json): Row[] {
  const [old, changed] = linesToCompare(before, after)
  const changes = diffArrays([...old], [...changed], { maxEditLength: mostEdits })
  if (!changes) return rewritten(old, changed)
  const rows: Row[] = []
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]
    const next = changes[index + 1]
    if (!change) continue
    if (change.removed && next?.added) {
      rows.push(...rewritten(change.value, next.value))
      index++
    } else if (change.removed) rows.push(...rewritten(change.value, []))
    else if (change.added) rows.push(...rewritten([], change.value))
    else rows.push(...unchanged(change.value, index === 0, index === changes.length - 1))
  }
  return rows
}

const toneOf = { '-': 'error', '+': 'good' } as const

/** Removed lines, then added ones. Those that stand for each other are compared word by word. */
function rewritten(before: readonly string[], after: readonly string[]): Row[] {
  const { removed, added } = changedLines(before, after)
  return [
    ...removed.map((line) => changedRow('-', line, added[line.partner ?? -1])),
    ...added.map((line) => changedRow('+', line, removed[line.partner ?? -1])),
  ]
}

function changedRow(sign: '-' | '+', line: ChangedLine, other: ChangedLine | undefined): Row {
  const tone = toneOf[sign]
  const { apart, shown } = line
  if (apart) {
    const segments: Segment[] = [
      [tone, apart.head],
      ['strong', apart.differs],
      [tone, apart.tail],
    ]
    return { sign, tone, segments: segments.filter(([, text]) => text !== '') }
  }
  const words = other && wordsOf(sign, line.raw, other.raw)
  return { sign, tone, segments: words ?? [[tone, shown]] }
}

function wordsOf(sign: '-' | '+', line: string, other: string): readonly Segment[] | undefined {
  const [before, after] = sign === '-' ? [line, other] : [other, line]
  const words = diffWordsWithSpace(before, after, { maxEditLength: mostEdits })
  if (!words) return undefined
  const kept = words.filter(({ added, removed }) => (sign === '-' ? !added : !removed))
  const texts = printableParts(kept.map(({ value }) => value.replaceAll('\t', '  ')))
  return kept.map(({ added, removed }, at): Segment => {
    const isChanged = added || removed
    const text = texts[at] ?? ''
    const isLast = at === kept.length - 1
    return [isChanged ? 'strong' : toneOf[sign], isChanged && isLast ? withEndShown(text) : text]
  })
}

const context = 3

/** Of a long stretch that did not change, only what is near a change. */
function unchanged(lines: readonly string[], first: boolean, last: boolean): Row[] {
  const head = first ? 0 : context
  const tail = last ? 0 : context
  // What ended the line before ends it now.
  const shown = lines.map((line): Row => {
    const text = printable(line.replace(/\r$/, '').replaceAll('\t', '  '))
    return { sign: ' ', tone: 'plain', segments: [['plain', text]] }
  })
  const left = lines.length - head - tail
  if (left <= 1) return shown
  const gap: Row = {
    sign: ' ',
    tone: 'faint',
    segments: [['faint', `… ${left} unchanged lines …`]],
  }
  return [...shown.slice(0, head), gap, ...shown.slice(shown.length - tail)]
}

const hanging = '  '

/** Breaks a line at spaces; continuations hang by two columns. */
function wrapSegments(segments: readonly Segment[], columns: number): Segment[][] {
  const lines: Segment[][] = [[]]
  let used = 0
  const words = segments.flatMap(([tone, text]) =>
    text
      .split(/( +)/)
      .flatMap((word) => wrapped(word, columns - hanging.length))
      .filter((word) => word !== '')
      .map((word): Segment => [tone, word]),
  )
  for (const word of words) {
    const [tone, text] = word
    const width = displayWidth(text)
    if (used + width > columns && used > hanging.length) {
      lines.push([[tone === 'strong' ? 'plain' : tone, hanging]])
      used = hanging.length
      if (text.trim() === '') continue
    }
    lines.at(-1)?.push(word)
    used += width
  }
  return lines
}
