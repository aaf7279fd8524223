import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api'
import { shared } from '@trace2/core'

// Carries the context where no context manager is registered, as in a live loop without any OpenTelemetry set-up.
const fallback = shared('tracing.context', () => new AsyncLocalStorage<Context>())

/** The active OpenTelemetry context. */
export function activeContext(): Context {
  const active = context.active()
  return active === ROOT_CONTEXT ? (fallback.getStore() ?? active) : active
}

/** Calls `fn` with `next` as the active context, across `await`s as well. */
export function withContext<T>(next: Context, fn: () => T): T {
  return context.with(next, () => (context.active() === next ? fn() : fallback.run(next, fn)))
}
