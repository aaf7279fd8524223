import type { Random } from '../numeric/index.ts'

/** Scores of base and candidate on one case, on a scale from 0 to 1. */
export interface Pair {
  readonly base: number
  readonly candidate: number
}

/**
 * Draws cases one after another.
 *
 * @param index how many cases came before.
 */
export type Stream = (random: Random, index: number) => Pair

/** Kinds of scores, each for a candidate whose mean is higher by `effect`. */
export const streams = {
  /** Right or wrong; in three fifths of the cases both sides have the same luck. */
  binary: (effect: number): Stream => rightOrWrong(() => 0.55, effect),
  /** Right or wrong, the sides having nothing in common: what varies most of what is usual. */
  independent:
    (effect: number): Stream =>
    (random) => ({
      base: random() < 0.5 ? 1 : 0,
      candidate: random() < 0.5 + effect ? 1 : 0,
    }),
  /** Right or wrong, while cases become easier: from 3 in 10 to 8 in 10 over 600 cases. */
  drifting: (effect: number): Stream =>
    rightOrWrong((index) => 0.3 + 0.5 * Math.min(index / 600, 1), effect),
  /** Eight or nine cases in ten come out the same. */
  tied: (effect: number): Stream => {
    const changed = 0.15 + effect / 2
    return (random) => {
      if (random() >= changed) return { base: 1, candidate: 1 }
      return random() < 0.5 + effect / 2 / changed
        ? { base: 0, candidate: 1 }
        : { base: 1, candidate: 0 }
    }
  },
  /** A candidate that is mostly a little better and sometimes much worse. */
  skewed:
    (effect: number): Stream =>
    (random) => {
      const change = random() < 0.1 ? -0.45 : 0.05
      return { base: 0.5, candidate: 0.5 + change + effect }
    },
  /** Grades that vary by a quarter of the scale. */
  graded:
    (effect: number): Stream =>
    (random) => ({
      base: 0.2 + 0.5 * random(),
      candidate: 0.2 + effect + 0.5 * random(),
    }),
} satisfies Readonly<Record<string, (effect: number) => Stream>>

/** Name of a stream of made-up scores. */
export type StreamName = keyof typeof streams

function rightOrWrong(rate: (index: number) => number, effect: number): Stream {
  return (random, index) => {
    const sameLuck = random() < 0.6
    const luck = random()
    const base = luck < rate(index) ? 1 : 0
    const candidate = (sameLuck ? luck : random()) < rate(index) + effect ? 1 : 0
    return { base, candidate }
  }
}

/** Each score is the mean of several trials, by a judge who is off by up to `noise` either way. */
export function repeated(stream: Stream, repeats: number, noise: number): Stream {
  return (random, index) => {
    const pair = stream(random, index)
    const judged = (score: number) => {
      let sum = 0
      for (let trial = 0; trial < repeats; trial++) {
        sum += noise + (1 - 2 * noise) * score + noise * (2 * random() - 1)
      }
      return sum / repeats
    }
    return { base: judged(pair.base), candidate: judged(pair.candidate) }
  }
}
