import { diag } from '@opentelemetry/api'
import { counted } from '@trace2/core'
import type { RetentionPolicy, Store } from '@trace2/store'

const EVERY_MS = 10 * 60_000

/** Applies a policy now and then until it is stopped; one application at a time. */
export function keepRetaining(
  store: Store,
  policy: RetentionPolicy = {},
  everyMs: number = EVERY_MS,
): { stop(): Promise<void> } {
  if (policy.maxAgeSeconds === undefined && policy.maxBytes === undefined) {
    return { stop: async () => undefined }
  }
  let running: Promise<void> | undefined
  const apply = async () => {
    try {
      const { traces, spans, bytes } = await store.retain(policy)
      if (traces > 0)
        diag.info(
          `Retention deleted ${counted(traces, 'trace')} (${counted(spans, 'span')}); ${counted(bytes, 'byte remains', 'bytes remain')}.`,
        )
    } catch (error) {
      diag.error(`Retention failed and is tried again: ${String(error)}`)
    }
  }
  const start = () => {
    running ??= apply().finally(() => {
      running = undefined
    })
  }
  const timer = setInterval(start, everyMs)
  timer.unref()
  start()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
