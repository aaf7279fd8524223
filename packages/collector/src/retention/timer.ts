import { diag } from '@opentelemetry/api'
import { counted, Trace2Error } from '@trace2/core'
import type { RetentionPolicy, Store } from '@trace2/store'

const EVERY_MS = 10 * 60_000

/** A policy that is applied now and then. */
export interface Retaining {
  /** Why it deleted nothing the last time; `undefined` where it did what it had to. */
  readonly refused: () => string | undefined
  stop(): Promise<void>
}

/** Applies a policy now and then until it is stopped; one application at a time. */
export function keepRetaining(
  store: Store,
  policy: RetentionPolicy = {},
  everyMs: number = EVERY_MS,
): Retaining {
  if (policy.maxAgeSeconds === undefined && policy.maxBytes === undefined) {
    return { refused: () => undefined, stop: async () => undefined }
  }
  let running: Promise<void> | undefined
  let refused: string | undefined
  const apply = async () => {
    try {
      const { traces, spans, bytes } = await store.retain(policy)
      refused = undefined
      if (traces > 0)
        diag.info(
          `Retention deleted ${counted(traces, 'trace')} (${counted(spans, 'span')}); ${counted(bytes, 'byte remains', 'bytes remain')}.`,
        )
    } catch (error) {
      if (error instanceof Trace2Error && error.code === 'T2_RETENTION_SHARE') {
        refused = `retention: ${error.message} ${error.remedy}`
        diag.error(`${error.code}: ${refused}`)
      } else diag.error(`Retention failed and is tried again: ${String(error)}`)
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
    refused: () => refused,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
