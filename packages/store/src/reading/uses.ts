import type { SpanRecord } from '../otlp/index.ts'
import { canonicalRows } from './canonical-span.ts'
import { baseOfPrompt, partUnnamed, SpanPlaces, unnamedIn } from './found-prompt.ts'

/** A version of a parameter that a span used. */
export interface UsedVersion {
  readonly name: string
  readonly version: string
}

/**
 * The parameters that spans say they used. A prompt that they have no name for is named after what is around its call, as a
 * store does; prompts of one caller have one name here.
 *
 * @param spans all of one run.
 */
export function versionsUsed(spans: readonly SpanRecord[]): UsedVersion[] {
  const places = new SpanPlaces()
  const read = spans.map((span) => {
    const rows = canonicalRows(span)
    places.add(span, rows)
    return { span, ...partUnnamed(rows) }
  })
  return read.flatMap(({ span, named, unnamed }) => [
    ...named.uses,
    ...unnamedIn(span, unnamed).map((prompt) => ({
      name: baseOfPrompt(prompt, places.find, true) ?? prompt.name,
      version: prompt.version,
    })),
  ])
}
