import { raise } from '../errors.ts'

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const bytes: Readonly<Record<string, number>> = {
  ...{ B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 },
}

/**
 * Seconds of a duration such as `90s`, `12h` or `30d`.
 *
 * @throws {Trace2Error} `T2_CONFIG` for anything else.
 */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? []
  if (amount && unit) return Number(amount) * (seconds[unit] ?? 1)
  throw raise('T2_CONFIG', `${text} is no duration: give a number and s, m, h, d or w.`)
}

/**
 * Bytes of a size such as `500MB`, `20GB` or `512MiB`; units without an `i` are powers of ten.
 *
 * @throws {Trace2Error} `T2_CONFIG` for anything else.
 */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(B|[KMGT]i?B)$/i.exec(text) ?? []
  if (amount && unit) return Math.round(Number(amount) * (bytes[unit.toUpperCase()] ?? 1))
  throw raise(
    'T2_CONFIG',
    `${text} is no size: give a number and B, KB, MB, GB, TB, KiB, MiB, GiB or TiB.`,
  )
}
