import type { Json } from '@trace2/core'
import { printableJson, printableLines } from '@trace2/core'
import { diffLines, diffWordsWithSpace } from 'diff'
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

function rowsOf(before: Json, after: Json): Row[] {
  const changes = diffLines(linesOf(before), linesOf(after))
  const rows: Row[] = []
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]
    const next = changes[index + 1]
    if (!change) continue
    const lines = linesIn(change.value)
    if (change.removed && next?.added && lines.length === linesIn(next.value).length) {
      rows.push(...rewritten(lines, linesIn(next.value)))
      index++
    } else if (change.removed) rows.push(...lines.map((line) => row('-', line)))
    else if (change.added) rows.push(...lines.map((line) => row('+', line)))
    else rows.push(...unchanged(lines, index === 0, index === changes.length - 1))
  }
  return rows
}

const toneOf = { '-': 'error', '+': 'good', ' ': 'plain' } as const

function row(sign: Row['sign'], text: string): Row {
  const tone = toneOf[sign]
  return { sign, tone, segments: [[tone, text]] }
}

/** Removed lines, then added ones. */
function rewritten(before: readonly string[], after: readonly string[]): Row[] {
  const pairs = before.map((line, index) => diffWordsWithSpace(line, after[index] ?? ''))
  const side = (sign: '-' | '+') =>
    pairs.map((words): Row => {
      const tone = toneOf[sign]
      const segments = words
        .filter(({ added, removed }) => (sign === '-' ? !added : !removed))
        .map(({ value, added, removed }): Segment => [added || removed ? 'strong' : tone, value])
      return { sign, tone, segments }
    })
  return [...side('-'), ...side('+')]
}

const context = 3

/** Of a long stretch that did not change, only what is near a change. */
function unchanged(lines: readonly string[], first: boolean, last: boolean): Row[] {
  const head = first ? 0 : context
  const tail = last ? 0 : context
  const shown = lines.map((line) => row(' ', line))
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

/** Printable text that ends in a line break, so that a missing one at the end is no difference. */
function linesOf(value: Json): string {
  const lines = typeof value === 'string' ? printableLines(value) : [printableJson(value, 2)]
  return `${lines.join('\n')}\n`
}

function linesIn(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}
