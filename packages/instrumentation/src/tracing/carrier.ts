import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { shared } from '@trace2/core'
import { raise } from '../errors.ts'
import { reportOnce } from '../report.ts'
import { asyncContext, isKept } from '../runtime/async-context.ts'

// Carries the context where no context manager is registered, as in a live loop without any OpenTelemetry set-up.
const fallback = shared('tracing.context', () => asyncContext<Context>())

/** The active OpenTelemetry context. */
export function activeContext(): Context {
  const active = context.active()
  return active === ROOT_CONTEXT ? (fallback.getStore() ?? active) : active
}

/** Calls `fn` with `next` as the active context, across `await`s as well. */
export function withContext<T>(next: Context, fn: () => T): T {
  return context.with(next, () => (context.active() === next ? fn() : withFallback(next, fn)))
}

function withFallback<T>(next: Context, fn: () => T): T {
  if (!isKept && trace.getSpan(next)?.isRecording()) {
    reportOnce('warn', raise('T2_CONTEXT_RUNTIME', 'This runtime keeps no context across `await`.'))
  }
  return fallback.run(next, fn)
}
