/** A stretch of a text. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

const tags =
  /<(?<xml>\/?)(?:think|thinking|thought|thoughts|reasoning|scratchpad)>|\[(?<square>\/?)THINK\]|◁(?<marked>\/?)think▷/gi

/**
 * Where a model thinks aloud before it answers. Thoughts that no tag opens begin with the text, those that none closes
 * end with it. Tags in one of the `objects` are part of a value.
 */
export function thoughtsIn(text: string, objects: readonly Stretch[]): readonly Stretch[] {
  const thoughts: Stretch[] = []
  let open: number | undefined
  let before = 0
  for (const { groups = {}, index, 0: tag } of text.matchAll(tags)) {
    if (objects.some(({ start, end }) => start <= index && index < end)) continue
    const closes = [groups.xml, groups.square, groups.marked].includes('/')
    if (!closes) {
      open ??= index
      continue
    }
    thoughts.push({ start: open ?? before, end: index + tag.length })
    before = index + tag.length
    open = undefined
  }
  if (open !== undefined) thoughts.push({ start: open, end: text.length })
  return thoughts
}
