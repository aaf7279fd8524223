import { bundle } from '@trace2/instrumentation'

/** Values that cost seconds or gigabytes where a recorder looks at all of what it is passed. */
const values: readonly (readonly [string, () => unknown])[] = [
  [
    '41 objects with shared halves',
    () => Array.from({ length: 40 }).reduce((inner) => ({ l: inner, r: inner }), {}),
  ],
  [
    '10 objects that know one another',
    () => {
      const team = Array.from({ length: 10 }, (_, at) => ({ at, peers: [] as unknown[] }))
      for (const one of team) one.peers = team.filter((other) => other !== one)
      return team
    },
  ],
  ['an array of length 4e9', () => new Array(4e9)],
  ['5 MB of bytes in an object', () => ({ image: Buffer.alloc(5e6, 7) })],
  ['a million floats in an object', () => ({ vector: new Float32Array(1e6) })],
  ['100 MB of text', () => 'x'.repeat(100e6)],
  ['100 MB of text in an object', () => ({ text: 'x'.repeat(100e6) })],
  ['1 MB of text that needs escapes', () => '"\n'.repeat(5e5)],
  [
    '400 items that share 1 MB of text',
    () => {
      const text = 'x'.repeat(1e6)
      return Array.from({ length: 400 }, (_, at) => ({ at, text }))
    },
  ],
  [
    'a list nested 100,000 deep',
    () => Array.from({ length: 1e5 }).reduce((next) => ({ next }), null),
  ],
  ['an array of a million objects', () => Array.from({ length: 1e6 }, (_, at) => ({ at }))],
  ['a map of a million entries', () => new Map(Array.from({ length: 1e6 }, (_, at) => [at, at]))],
  ['a proxy without an end', () => endless()],
]

function endless(): object {
  return new Proxy({}, { get: endless, ownKeys: () => ['next'] })
}

/**
 * What one recorded call costs that is given and returns such a value, beside a call with `null`: the first call with
 * it, after calls with small ones have warmed up what is run. Memory is what the call has allocated, kept or not.
 */
export function hostileValues(
  print: (what: string, measured: string, wanted: string) => void,
): void {
  const step = bundle('bench.hostile', (value: unknown) => value)
  const small = { id: 1, tags: ['a', 'b'], at: new Date(0), map: new Map([['a', 1]]) }
  for (let warm = 0; warm < 5_000; warm++) step({ ...small, warm })
  for (const [name, make] of [['null', () => null] as const, ...values]) {
    const times: number[] = []
    const allocated: number[] = []
    for (let round = 0; round < 5; round++) {
      const value = make()
      const before = memoryInUse()
      const started = performance.now()
      step(value)
      times.push(performance.now() - started)
      allocated.push(memoryInUse() - before)
    }
    const [time, size] = [times, allocated].map((each) => each.toSorted((a, b) => a - b)[2] ?? 0)
    print(name, `${time?.toFixed(2)} ms  ${Math.max(0, size ?? 0).toFixed(1)} MB`, '< 5 ms, < 5 MB')
  }
}

function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
