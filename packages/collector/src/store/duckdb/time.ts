/** ISO 8601 with nine digits of a second, so that text order is time order. */
export function isoNanoseconds(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, -5)
  return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`
}

/** The reverse, for any ISO 8601 time; `undefined` where it is none. */
export function nanosecondsOf(iso: string): bigint | undefined {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return undefined
  const digits = /\.(\d+)/.exec(iso)?.[1] ?? ''
  const seconds = BigInt(Math.floor(ms / 1000))
  return seconds * 1_000_000_000n + BigInt(digits.slice(0, 9).padEnd(9, '0'))
}

export function nowNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
