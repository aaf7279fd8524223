/** ISO 8601 with nine digits of a second, so that text order is time order. */
export function isoNanoseconds(ns: bigint): string {
  return `${isoSeconds(Number(ns / 1_000_000_000n))}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`
}

/** The same of the decimal digits of a number. */
export function isoOfDigits(ns: string): string {
  const seconds = ns.length - 9
  return seconds <= 0
    ? `${isoSeconds(0)}.${ns.padStart(9, '0')}Z`
    : `${isoSeconds(Number(ns.slice(0, seconds)))}.${ns.slice(seconds)}Z`
}

// The spans of a run share their second: writing it is most of the work.
let latest = { seconds: 0, iso: '1970-01-01T00:00:00' }

function isoSeconds(seconds: number): string {
  if (seconds !== latest.seconds) {
    latest = { seconds, iso: new Date(seconds * 1000).toISOString().slice(0, -5) }
  }
  return latest.iso
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
