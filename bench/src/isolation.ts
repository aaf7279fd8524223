import { bundle } from '@trace2/instrumentation'
import { enableIsolation, isolate } from '@trace2/instrumentation/isolation'
import { figure } from './harness/figure.ts'

const calls = 500
const rounds = 7
const limitMs = 100

/** What a call of changed code costs over the plain one, and how far past its limit the slowest code is stopped. */
export async function isolation(): Promise<void> {
  await enableIsolation()
  await synchronous()
  await asynchronous()
  await callingOut()
  for (const [name, source] of Object.entries(slow)) await stop(name, source)
}

async function synchronous(): Promise<void> {
  const plain = (a: number, b: number): number => a + b
  const changed = await isolate('(a, b) => a + b')
  print(
    'a warm call',
    median(() => repeat(() => changed(1, 2))) - median(() => repeat(() => plain(1, 2))),
  )
  // With a pause between them, the next world is made ready before it is asked for.
  const apart: number[] = []
  for (let index = 0; index < 200; index++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    const start = performance.now()
    changed(1, 2)
    apart.push(performance.now() - start)
  }
  print('a warm call, with a pause before it', middle(apart) * 1_000)
  const big = Array.from({ length: 1_000 }, (_, index) => ({ id: index, text: `text ${index}` }))
  const length = await isolate('(list) => list.length')
  print(
    'a call with a list of 1,000 objects',
    median(() => repeat(() => length(big), 20)),
  )
}

async function asynchronous(): Promise<void> {
  const changed = await isolate('async (a, b) => { await null; return a + b }')
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    for (let index = 0; index < 100; index++) await changed(1, 2)
    times.push(((performance.now() - start) / 100) * 1_000)
  }
  print('a warm asynchronous call', middle(times))
}

async function callingOut(): Promise<void> {
  const helper = bundle('bench.helper', (n: number): number => n)
  const outer = bundle(
    'bench.outer',
    (count: number) => {
      let sum = 0
      for (let index = 0; index < count; index++) sum += helper(index)
      return sum
    },
    { trainable: true, uses: { helper } },
  )
  const [code] = outer.parameters()
  code?.update(`${code.value} `)
  const many = median(() => repeat(() => outer(500), 3))
  const none = median(() => repeat(() => outer(0), 3))
  print('a call of the program from inside', (many - none) / 500)
}

const slow: Readonly<Record<string, string>> = {
  'an endless loop': '() => { while (true); }',
  'a regular expression without end': '() => /(a+)+$/.test("a".repeat(64) + "!")',
  'indexOf in a sparse array':
    '() => { const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1) }',
  'reverse of a sparse array': '() => { const a = []; a.length = 2 ** 32 - 1; a.reverse() }',
  'join of a long array': '() => new Array(2 ** 28).join("ab").length',
  'a product of large numbers':
    '() => { let a = 3n ** 300000n; a = a * a; return a.toString().length }',
  'a search in a long text':
    '() => { const a = "a".repeat(4e6); return a.indexOf("a".repeat(2e6) + "b") }',
}

async function stop(name: string, source: string): Promise<void> {
  const past: number[] = []
  for (let round = 0; round < 3; round++) {
    const stopped = await isolate(source, { timeMs: limitMs })
    const start = performance.now()
    try {
      stopped()
    } catch {
      past.push(performance.now() - start - limitMs)
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  figure(`stopped past its limit: ${name}`, Math.max(...past), 'ms')
}

function repeat(call: () => unknown, times = calls): number {
  const start = performance.now()
  for (let index = 0; index < times; index++) call()
  return ((performance.now() - start) / times) * 1_000
}

function median(measure: () => number): number {
  measure()
  return middle(Array.from({ length: rounds }, measure))
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(what: string, microseconds: number): void {
  figure(what, microseconds, 'µs')
}
