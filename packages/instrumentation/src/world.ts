import { bundle } from './operator/bundle.ts'

let clock: (() => number) | undefined
let dice: (() => number) | undefined
let names: (() => string) | undefined

/** An operator that reads the world: that is no effect, and differs each time. */
function reader<T>(name: string, read: () => T, description: string): () => T {
  return bundle(name, read, { sideEffects: false, inputs: [], description })
}

/**
 * Returns the time as `Date.now()` does, in milliseconds since 1970, and records it as a step. A replay returns the recorded
 * time. `Date.now()` and `new Date()` are not recorded: they return another time in each replay.
 */
export function now(): number {
  clock ??= reader('trace2.now', () => Date.now(), 'Milliseconds since the epoch.')
  return clock()
}

/** Returns a random number as `Math.random()` does, from 0 to below 1. A replay returns the recorded number. */
export function random(): number {
  dice ??= reader('trace2.random', () => Math.random(), 'A random number from 0 to 1.')
  return dice()
}

/** Returns a random UUID as `crypto.randomUUID()` does. A replay returns the recorded UUID. */
export function uuid(): string {
  names ??= reader('trace2.uuid', () => crypto.randomUUID(), 'A random UUID.')
  return names()
}
