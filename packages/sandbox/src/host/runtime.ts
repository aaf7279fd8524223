import { format } from 'node:util'
import { type Span, trace } from '@opentelemetry/api'
import type { Callable } from './given.ts'
import type { Timers } from './timers.ts'
import { markUncounted } from './uncounted.ts'

const mostLines = 100
const longestLine = 1_000

/** The call that the runtime serves. */
interface Served {
  readonly timers: Timers
  /** Says that the program holds a function of the code no longer. */
  release(target: object): void
}

/** What code may use of the runtime without declaring it, for one call. */
export function runtimeService(session: Served): object {
  return {
    ...timers(session),
    console: spanConsole(),
    structuredClone,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    Headers,
    Intl,
    atob,
    btoa,
  }
}

function timers(session: Served): object {
  const begin =
    (repeats: boolean) =>
    (fn: unknown, time?: unknown, ...args: unknown[]): number => {
      if (typeof fn !== 'function') throw new TypeError('a timer needs a function')
      // The program text makes a function for each timer, which nothing but the timer has.
      session.release(fn)
      return session.timers.set(fn as Callable, time, args, repeats)
    }
  const stop = (id: unknown): void => session.timers.clear(Number(id))
  return {
    setTimeout: begin(false),
    clearTimeout: stop,
    setInterval: begin(true),
    clearInterval: stop,
  }
}

/** What code writes goes to the span of its call, bounded. */
function spanConsole(): object {
  const span = trace.getActiveSpan()
  const lines = { count: 0 }
  const levels = ['debug', 'error', 'info', 'log', 'trace', 'warn']
  return Object.fromEntries(
    levels.map((level) => {
      const writer = (...args: unknown[]): void => write(span, lines, level, args)
      markUncounted(writer)
      return [level, writer]
    }),
  )
}

function write(
  span: Span | undefined,
  lines: { count: number },
  level: string,
  args: readonly unknown[],
): void {
  lines.count++
  if (lines.count > mostLines) return
  const message = format(...args).slice(0, longestLine)
  span?.addEvent('console', { level, message })
}
