import type { Traits } from '../reading/traits.ts'

/** Nothing was found. */
export const nowhere: readonly Place[] = []

/** Where something stands in a text, from its first character to the one behind its last. */
export interface Place {
  readonly from: number
  readonly to: number
}

/** Finds one kind of what is most often not to be kept. */
export interface Preset {
  /** Whether it is a credential. One in the value of a parameter is no prompt that anybody wrote on purpose. */
  readonly credential: boolean
  /**
   * Every place, in any order, in a time that grows with the text and not with its square. The traits of the text say
   * where it is worth to look.
   */
  readonly find: (text: string, traits: Traits) => readonly Place[]
  /** Whether a member or attribute of this name may have one as its value. */
  readonly telling?: (name: string) => boolean
  /** Whether the value of a member or attribute is one because of its name. */
  readonly named?: (name: string, value: string) => boolean
}

/** What a global expression matches, if it is accepted. */
export function matchesOf(
  text: string,
  expression: RegExp,
  accepts: (match: string, from: number) => boolean = () => true,
): Place[] {
  const places: Place[] = []
  for (const match of text.matchAll(expression)) {
    if (accepts(match[0], match.index)) {
      places.push({ from: match.index, to: match.index + match[0].length })
    }
  }
  return places
}
