import { Session } from 'node:inspector'
import { countingBuiltins } from './builtins.ts'

// For good: only what is compiled while it counts has counters for its blocks.
const session = new Session()
session.connect()
post('Profiler.enable')
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/**
 * How much a task does: how often each block of code runs, which V8 counts for coverage, and what the built-in
 * functions that it calls look at, which run without blocks. The same task has the same count on any machine and
 * under any load, but for what is remembered from earlier tasks. What spreads one object into another is not seen.
 */
export function countWork(task: () => void): number {
  post('Profiler.takePreciseCoverage')
  const builtin = countingBuiltins(task)
  return builtin + blocksOf(post('Profiler.takePreciseCoverage'))
}

/** Sessions of the thread's own answer before `post` returns. */
function post(method: string, params: object = {}): unknown {
  let answer: unknown
  session.post(method, params, (error, result: unknown) => {
    if (error) throw error
    answer = result
  })
  return answer
}

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

function blocksOf(answer: unknown): number {
  let blocks = 0
  for (const { url, functions } of (answer as Coverage).result) {
    // What makes the request ready is not the work.
    if (url.includes('/testing/')) continue
    for (const { ranges } of functions) for (const { count } of ranges) blocks += count
  }
  return blocks
}
