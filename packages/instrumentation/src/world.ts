import { bundle } from './operator/bundle.ts'

let clock: (() => number) | undefined
let dice: (() => number) | undefined
let names: (() => string) | undefined

/** An operator that reads the world: that is no effect, and differs each time. */
function reader<T>(name: string, read: () => T, description: string): () => T {
  return bundle(name, read, { sideEffects: false, inputs: [], description })
}

/**
 * The time, as `Date.now()` has it, as a recorded step: a replay gives the time that was recorded. `Date.now()` and
 * `new Date()` are not recorded, and are another time in each replay.
 */
export function now(): number {
  clock ??= reader('trace2.now', () => Date.now(), 'Milliseconds since the epoch.')
  return clock()
}

/** A number as `Math.random()` gives it, as a recorded step: a replay gives the number that was recorded. */
export function random(): number {
  dice ??= reader('trace2.random', () => Math.random(), 'A random number from 0 to 1.')
  return dice()
}

/** A UUID as `crypto.randomUUID()` gives it, as a recorded step: a replay gives the one that was recorded. */
export function uuid(): string {
  names ??= reader('trace2.uuid', () => crypto.randomUUID(), 'A random UUID.')
  return names()
}
