import { pointerToken } from '@trace2/core'
import { jsonText } from '../content/text.ts'

/** The first place where two values differ, and the two values at this place. `undefined` means that nothing is there. */
export interface Difference {
  /** JSON pointer; `''` is the value as a whole. */
  readonly pointer: string
  readonly recorded: string | undefined
  readonly now: string | undefined
}

/** Longest text of a value that a difference shows. */
const shownLength = 200

/** Finds the first difference of two JSON values, in the order of their members. Returns `undefined` if they are equal. */
export function firstDifference(recorded: unknown, now: unknown): Difference | undefined {
  // By hand and not by recursion: a value may be as deep as it likes.
  const pending: { recorded: unknown; now: unknown; pointer: string }[] = [
    { recorded, now, pointer: '' },
  ]
  for (let at = pending.pop(); at; at = pending.pop()) {
    const inner = membersOf(at.recorded, at.now)
    if (!inner) {
      if (Object.is(at.recorded, at.now)) continue
      const { pointer } = at
      return { pointer, recorded: shown(at.recorded), now: shown(at.now) }
    }
    for (const key of inner.reverse()) {
      pending.push({
        recorded: own(at.recorded, key),
        now: own(at.now, key),
        pointer: at.pointer + pointerToken(key),
      })
    }
  }
  return undefined
}

/** The names of the members of both, where both are lists or both are objects. */
function membersOf(a: unknown, b: unknown): string[] | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return undefined
  if (Array.isArray(a) !== Array.isArray(b)) return undefined
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
}

function own(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key)
    ? Reflect.get(object, key)
    : undefined
}

function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : jsonText(value, shownLength)
}

/** A difference in words. */
export function differenceText({ pointer, recorded, now }: Difference): string {
  // Names of members come from strangers, too.
  const where = pointer === '' ? '' : `at ${JSON.stringify(pointer).slice(1, -1)} `
  return `${where}${recorded ?? 'nothing'} was recorded, and now it is ${now ?? 'nothing'}`
}
