import { diag } from '@opentelemetry/api'
import type { Trace2Error } from '@trace2/core'
import { shared } from '@trace2/core'

type Level = 'error' | 'warn'

/** Where reports go in a program that has set no `diag` logger; `start` sets it. */
const output = shared('report.output', (): { write: ((line: string) => void) | undefined } => ({
  write: undefined,
}))
const said = shared('report.said', () => new Set<string>())

/** How many different things are said in the life of a process: they may hold words of strangers. */
const mostSaid = 1_000

/** Has reports written by `write` in a program that has set no `diag` logger. */
export function writeReports(write: ((line: string) => void) | undefined): void {
  output.write = write
}

/**
 * Says what went wrong in this library's own work: to the program's `diag` logger where it has set one, otherwise to
 * standard error in a program that called `start`. Never throws.
 */
export function report(level: Level, { code, message, remedy }: Trace2Error): void {
  // Words of strangers must not steer a terminal or begin a line of their own.
  const line = `${code}: ${message} ${remedy}`.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  try {
    if (hasDiagLogger()) diag[level](line)
    else output.write?.(line)
  } catch {
    // A logger that fails is the program's own business.
  }
}

/** As {@link report}, for the first of the errors that are `about` one thing. */
export function reportOnce(level: Level, error: Trace2Error, about: string = error.message): void {
  const key = `${error.code} ${about}`
  if (said.has(key) || said.size >= mostSaid) return
  said.add(key)
  report(level, error)
}

/** The API offers no question for it; its global, which all copies of the API share, holds the logger. */
function hasDiagLogger(): boolean {
  const api: unknown = Reflect.get(globalThis, Symbol.for('opentelemetry.js.api.1'))
  return typeof api === 'object' && api !== null && Reflect.get(api, 'diag') !== undefined
}
