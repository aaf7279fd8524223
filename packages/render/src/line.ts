import type { NodeId } from '@trace2/store'
import type { Paint, Tone } from './view.ts'
import { displayWidth, shorten } from './width.ts'

/** A piece of a line; its text is printable already. */
export type Segment = readonly [tone: Tone, text: string]

export interface Line {
  /** The node that the line is about. */
  readonly node?: NodeId
  readonly segments: readonly Segment[]
  /** Set flush right, where there is room for it. */
  readonly right?: string
}

/** Beyond this, the eye loses the line on its way to what stands at the right. */
const readableWidth = 110

/** A line of at most `columns`, cut at its end. */
export function composeLine({ segments, right = '' }: Line, columns: number, paint: Paint): string {
  const aside = right === '' ? 0 : displayWidth(right) + 2
  const hasAside = aside > 0 && aside < columns / 2
  const room = hasAside ? Math.min(columns, readableWidth) - aside : columns
  let used = 0
  let text = ''
  for (const [tone, piece] of segments) {
    const shown = shorten(piece, room - used)
    used += displayWidth(shown)
    text += paint(tone, shown)
    if (shown !== piece) break
  }
  return hasAside ? text + ' '.repeat(room - used + 2) + paint('faint', right) : text
}
