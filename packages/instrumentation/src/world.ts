import { bundle } from './operator/bundle.ts'

// What they read is no effect, and differs each time.
const options = { sideEffects: false } as const

const clock = /* @__PURE__ */ bundle('trace2.now', () => Date.now(), {
  ...options,
  description: 'Milliseconds since the epoch.',
})
const dice = /* @__PURE__ */ bundle('trace2.random', () => Math.random(), {
  ...options,
  description: 'A random number from 0 to 1.',
})
const names = /* @__PURE__ */ bundle('trace2.uuid', () => crypto.randomUUID(), {
  ...options,
  description: 'A random UUID.',
})

/**
 * The time, as `Date.now()` has it, as a recorded step: a replay gives the time that was recorded. `Date.now()` and
 * `new Date()` are not recorded, and are another time in each replay.
 */
export function now(): number {
  return clock()
}

/** A number as `Math.random()` gives it, as a recorded step: a replay gives the number that was recorded. */
export function random(): number {
  return dice()
}

/** A UUID as `crypto.randomUUID()` gives it, as a recorded step: a replay gives the one that was recorded. */
export function uuid(): string {
  return names()
}
