import { createHash } from 'node:crypto'

/**
 * A number in [0, 1) that depends on nothing but its arguments: the whole randomness of the simulation, so that
 * the same request under the same seed always gets the same answer.
 */
export function chance(seed: number, ...parts: readonly string[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...parts]))
    .digest()
  return digest.readUIntBE(0, 6) / 2 ** 48
}

/** One of the items, chosen by {@link chance}; `undefined` of none. */
export function pick<T>(items: readonly T[], seed: number, ...parts: readonly string[]) {
  return items[Math.floor(chance(seed, ...parts) * items.length)]
}
