import { type Json, looksSame, printable, printableParts, toldApart } from '@trace2/core'
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

function rowsOf(before: Json, after: Json): Row[] {
  const changes = diffArrays([...linesOf(before)], [...linesOf(after)])
  const rows: Row[] = []
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]
    const next = changes[index + 1]
    if (!change) continue
    if (change.removed && next?.added) {
      rows.push(...rewritten(change.value, next.value))
      index++
    } else if (change.removed) rows.push(...change.value.map((line) => row('-', line)))
    else if (change.added) rows.push(...change.value.map((line) => row('+', line)))
    else rows.push(...unchanged(change.value, index === 0, index === changes.length - 1))
  }
  return rows
}

const toneOf = { '-': 'error', '+': 'good', ' ': 'plain' } as const

function row(sign: Row['sign'], line: string): Row {
  const tone = toneOf[sign]
  const text = printable(tabsAsSpaces(line))
  return { sign, tone, segments: [[tone, sign === ' ' ? text : endShown(text)]] }
}

/** Removed lines, then added ones. Those that stand for each other are compared word by word. */
function rewritten(before: readonly string[], after: readonly string[]): Row[] {
  const partner = partnersOf(before, after)
  const removed = before.map((line) => row('-', line))
  const added = after.map((line, index) => {
    const at = partner(index)
    const other = at === undefined ? undefined : before[at]
    if (at === undefined || other === undefined) return row('+', line)
    const [old, new_] = looksSame(other, line) ? apart(other, line) : reworded(other, line)
    removed[at] = old
    return new_
  })
  return [...removed, ...added]
}

/** Which removed line each added one stands for: the one at its place, or one that looks the same. */
function partnersOf(
  before: readonly string[],
  after: readonly string[],
): (at: number) => number | undefined {
  if (before.length === after.length) return (at) => at
  // To compare each with each takes too long where there are many.
  if (before.length * after.length > mostCompared) return () => undefined
  const left = new Set(before.keys())
  const partners = after.map((line) => {
    const found = [...left].find((at) => looksSame(before[at] ?? '', line))
    if (found !== undefined) left.delete(found)
    return found
  })
  return (at) => partners[at]
}

const mostCompared = 10_000

function apart(before: string, after: string): readonly [Row, Row] {
  const [old, new_] = toldApart(before, after)
  const shown = (sign: '-' | '+', { head, differs, tail }: typeof old): Row => {
    const tone = toneOf[sign]
    const segments: Segment[] = [
      [tone, head],
      ['strong', differs],
      [tone, tail],
    ]
    return { sign, tone, segments: segments.filter(([, text]) => text !== '') }
  }
  return [shown('-', old), shown('+', new_)]
}

function reworded(before: string, after: string): readonly [Row, Row] {
  const words = diffWordsWithSpace(before, after)
  const side = (sign: '-' | '+'): Row => {
    const tone = toneOf[sign]
    const kept = words.filter(({ added, removed }) => (sign === '-' ? !added : !removed))
    const texts = printableParts(kept.map(({ value }) => tabsAsSpaces(value)))
    const segments = kept.map(({ added, removed }, at): Segment => {
      const isChanged = added || removed
      const text = texts[at] ?? ''
      const isLast = at === kept.length - 1
      return [isChanged ? 'strong' : tone, isChanged && isLast ? endShown(text) : text]
    })
    return { sign, tone, segments }
  }
  return [side('-'), side('+')]
}

function tabsAsSpaces(line: string): string {
  return line.replaceAll('\t', '  ')
}

/** A printable line whose last blanks can be seen. */
function endShown(text: string): string {
  return text.replace(/ +$/, (blanks) => '\\u0020'.repeat(blanks.length))
}

const context = 3

/** Of a long stretch that did not change, only what is near a change. */
function unchanged(lines: readonly string[], first: boolean, last: boolean): Row[] {
  const head = first ? 0 : context
  const tail = last ? 0 : context
  // What ended the line before ends it now.
  const shown = lines.map((line) => row(' ', line.replace(/\r$/, '')))
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

/** The lines of a text as they are, each with the carriage return that may end it; of other values, those of their JSON. */
function linesOf(value: Json): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return text.split('\n')
}
