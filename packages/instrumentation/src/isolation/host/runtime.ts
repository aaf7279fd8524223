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
  const running = new Map<number, NodeJS.Timeout>()
  let count = 0
  return {
    setTimeout(fn: unknown, milliseconds?: unknown, ...args: unknown[]): number {
      if (typeof fn !== 'function') throw new TypeError('setTimeout needs a function')
      const id = ++count
      const wanted = Math.max(0, Number(milliseconds) || 0)
      const fire = (): void => {
        running.delete(id)
        session.fire(fn as Callable, args).catch(() => undefined)
      }
      running.set(id, setTimeout(fire, session.wait(wanted)))
      return id
    },
    clearTimeout(id: unknown): void {
      const timer = running.get(Number(id))
      if (!running.delete(Number(id))) return
      clearTimeout(timer)
      session.unwait()
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

function write(span: Span | undefined, lines: { count: number }, level: string, args: readonly unknown[]): void {
  lines.count++
  if (lines.count > mostLines) return
  const message = format(...args).slice(0, longestLine)
  span?.addEvent('console', { level, message })
}
