import { pointerToken } from '@trace2/core'

/** Where an object is in what is written: its key, and the object that has it. */
export interface Place {
  readonly object: object
  readonly key: string | number
  readonly outer: Place | undefined
  readonly depth: number
  /** How many instances of classes it is inside of, itself included. */
  readonly instances: number
}

/** The place of an object that another is inside of. */
export function ancestor(object: object, outer: Place | undefined): Place | undefined {
  for (let place = outer; place; place = place.outer) if (place.object === object) return place
  return undefined
}

export function pointerOf(place: Place): string {
  const tokens: string[] = []
  for (let at: Place | undefined = place; at?.outer; at = at.outer)
    tokens.push(pointerToken(at.key))
  return tokens.reverse().join('')
}
