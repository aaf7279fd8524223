import { format } from 'node:util'
import { type Span, trace } from '@opentelemetry/api'
import type { Callable, Session } from './session.ts'

const mostLines = 100
const longestLine = 1_000

/** What code may use of the runtime without declaring it, for one call. */
export function runtimeService(session: Session): object {
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

function timers(session: Session): object {
  const cancels = new Map<number, () => void>()
  let count = 0
  return {
    setTimeout(fn: unknown, milliseconds?: unknown, ...args: unknown[]): number {
      if (typeof fn !== 'function') throw new TypeError('setTimeout needs a function')
      const id = ++count
      cancels.set(id, session.delay(fn as Callable, Number(milliseconds) || 0, args))
      return id
    },
    clearTimeout(id: unknown): void {
      cancels.get(Number(id))?.()
      cancels.delete(Number(id))
    },
  }
}

/** What code writes goes to the span of its call, bounded. */
function spanConsole(): object {
  const span = trace.getActiveSpan()
  const lines = { count: 0 }
  const levels = ['debug', 'error', 'info', 'log', 'trace', 'warn']
  return Object.fromEntries(
    levels.map((level) => [level, (...args: unknown[]) => write(span, lines, level, args)]),
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
