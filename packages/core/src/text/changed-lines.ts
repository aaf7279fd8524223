import type { Json } from '../canonical.ts'
import { printable } from './printable.ts'
import { looksSame, type ToldApart, toldApart } from './told-apart.ts'

/** A line that a change removes or adds. */
export interface ChangedLine {
  /** The line as it is. */
  readonly raw: string
  /** The line as a reader sees it, on one line: blanks at its end are JSON escapes, as is what printing escapes. */
  readonly shown: string
  /** The parts of what is shown, where another line would look the same. */
  readonly apart?: ToldApart
  /** Position of the line on the other side that it stands for, if there is one. */
  readonly partner?: number
}

/**
 * The lines of two values to be compared, with the carriage returns that end lines of one of them only. The lines of a value
 * that is no text are those of its JSON.
 */
export function linesToCompare(
  before: Json,
  after: Json,
): readonly [before: readonly string[], after: readonly string[]] {
  const texts = [before, after].map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  )
  const [old = '', changed = ''] = texts
  const end = texts.every((text) => /\r\n/.test(text) && !/[^\r]\n|^\n/.test(text)) ? '\r\n' : '\n'
  return [old.split(end), changed.split(end)]
}

/** Shows lines that were removed and those that came for them, so that it can be seen how they differ. */
export function changedLines(
  before: readonly string[],
  after: readonly string[],
): { readonly removed: readonly ChangedLine[]; readonly added: readonly ChangedLine[] } {
  const removed: ChangedLine[] = before.map((raw) => ({ raw, shown: shownLine(raw) }))
  const partners = partnersOf(before, after)
  const added = after.map((raw, index): ChangedLine => {
    const partner = partners[index]
    const other = partner === undefined ? undefined : before[partner]
    if (partner === undefined || other === undefined) return { raw, shown: shownLine(raw) }
    if (!looksSame(other, raw)) {
      removed[partner] = { raw: other, shown: shownLine(other), partner: index }
      return { raw, shown: shownLine(raw), partner }
    }
    const [one, two] = toldApart(other, raw)
    removed[partner] = { raw: other, shown: wholeOf(one), apart: one, partner: index }
    return { raw, shown: wholeOf(two), apart: two, partner }
  })
  return { removed, added }
}

/** A printable text whose last blanks can be seen. */
export function withEndShown(text: string): string {
  // A pattern would try each blank of a long row anew.
  let end = text.length
  while (end > 0 && text[end - 1] === ' ') end--
  return text.slice(0, end) + '\\u0020'.repeat(text.length - end)
}

function shownLine(raw: string): string {
  return withEndShown(printable(raw.replaceAll('\t', '  ')))
}

function wholeOf({ head, differs, tail }: ToldApart): string {
  return head + differs + tail
}

/** To compare each line with each takes too long where there are many. */
const mostCompared = 10_000

/** Which removed line each added one stands for: the one at its place, or one that looks the same. */
function partnersOf(
  before: readonly string[],
  after: readonly string[],
): readonly (number | undefined)[] {
  if (before.length === after.length) return [...after.keys()]
  if (before.length * after.length > mostCompared) return []
  const left = new Set(before.keys())
  return after.map((line) => {
    const found = [...left].find((at) => looksSame(before[at] ?? '', line))
    if (found !== undefined) left.delete(found)
    return found
  })
}
