import { parameterVersion } from '@trace2/core'
import type { Store } from '@trace2/store'

/** A run with one value of the parameter, and the scores that it got by name. */
export interface Judged {
  readonly value: string
  readonly feedback: Readonly<Record<string, number>>
}

const empty = { attributes: new Map<string, string>(), schemaUrl: '' }

/** Stores runs that used a parameter, a second apart, with their feedback. */
export async function writeVersions(
  store: Store,
  parameter: string,
  runs: readonly Judged[],
): Promise<void> {
  await store.writeSpans(
    runs.map(({ value }, at) => {
      const startNs = 1_790_000_000_000_000_000n + BigInt(at) * 1_000_000_000n
      const version = parameterVersion(value)
      return {
        traceId: traceOf(at),
        spanId: (at + 1).toString(16).padStart(16, '0'),
        parentSpanId: undefined,
        traceState: '',
        flags: 0,
        name: 'agent',
        kind: 1,
        startNs,
        endNs: startNs + 5_000_000n,
        attributes: new Map<string, string | boolean | string[]>([
          ['trace2.kind', 'run'],
          ['trace2.op', 'agent'],
          ['output.value', `answer ${at}`],
          ['trace2.inputs', [`tone=param:${parameter}@${version}`]],
          [`trace2.param.version.${parameter}`, version],
          [`trace2.param.value.${parameter}`, JSON.stringify(value)],
          [`trace2.param.trainable.${parameter}`, true],
        ]),
        droppedAttributesCount: 0,
        events: [],
        droppedEventsCount: 0,
        links: [],
        droppedLinksCount: 0,
        status: { code: 0, message: '' },
        resource: empty,
        scope: { ...empty, name: 'test', version: '' },
      }
    }),
  )
  for (const [at, { feedback }] of runs.entries()) {
    for (const [name, score] of Object.entries(feedback)) {
      await store.addFeedback({ traceId: traceOf(at), spanId: null, name, score })
    }
  }
}

function traceOf(at: number): string {
  return (at + 1).toString(16).padStart(32, '0')
}
