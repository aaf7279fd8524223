import { looksOf } from './look-alikes.ts'
import { escapeCharacter, printable, printableParts } from './printable.ts'

/** A printable line in three parts: what it has in common with another one stands around what differs. */
export interface ToldApart {
  readonly head: string
  readonly differs: string
  readonly tail: string
}

/** Whether two different lines would look the same when they are printed, or nearly so. */
export function looksSame(one: string, other: string): boolean {
  return one !== other && lookOf(one) === lookOf(other)
}

function lookOf(line: string): string {
  return looksOf(printable(line.replaceAll('\t', ' ')))
}

/**
 * Shows two lines that look the same so that a reader sees the difference: what differs is written as JSON escapes.
 *
 * @example toldApart('a b', 'a\u00a0b').map(({ differs }) => differs) // ['\\u0020', '\\u00a0']
 */
export function toldApart(one: string, other: string): readonly [ToldApart, ToldApart] {
  const [before, after] = partsOf(one, other)
  const hide = (parts: Parts, differs: string): ToldApart => {
    const [head = '', , tail = ''] = printableParts(parts)
    return { head, differs, tail }
  }
  for (const level of levels) {
    const [shown, otherShown] = [hide(before, level(before[1])), hide(after, level(after[1]))]
    const [text, otherText] = [wholeOf(shown), wholeOf(otherShown)]
    if (text.replace(/\s+/g, ' ') !== otherText.replace(/\s+/g, ' ')) return [shown, otherShown]
  }
  return [hide(before, levels[2](before[1])), hide(after, levels[2](after[1]))]
}

/** How much of what differs is escaped: no more than is needed to tell it apart. */
const levels = [
  (text: string) => text.replace(/^ +$|[^ -~]/gu, escaped),
  (text: string) => text.replace(/[^!-~]/gu, escaped),
  (text: string) => text.replace(/\\|[^!-~]/gu, (one) => (one === '\\' ? '\\\\' : escaped(one))),
] as const

function escaped(text: string): string {
  return Array.from(text, escapeCharacter).join('')
}

function wholeOf({ head, differs, tail }: ToldApart): string {
  return head + differs + tail
}

type Parts = readonly [head: string, differs: string, tail: string]

function partsOf(one: string, other: string): readonly [Parts, Parts] {
  const [letters, others] = [[...one], [...other]]
  const most = Math.min(letters.length, others.length)
  let begin = 0
  while (begin < most && letters[begin] === others[begin]) begin++
  let end = 0
  while (end < most - begin && letters.at(-1 - end) === others.at(-1 - end)) end++
  const cut = (all: readonly string[]): Parts => [
    all.slice(0, begin).join(''),
    all.slice(begin, all.length - end).join(''),
    all.slice(all.length - end).join(''),
  ]
  return [cut(letters), cut(others)]
}
