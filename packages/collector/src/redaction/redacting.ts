import type { Store } from '@trace2/store'
import { decodeTraces, encodeTraces } from '@trace2/store/otlp'
import type { Intake, IntakeBatch } from '../intake/intake.ts'
import { redactedLogs } from './redact-logs.ts'
import { redactSpans } from './redact-spans.ts'
import { redactingStore } from './redacting-store.ts'
import type { Redactor } from './redactor.ts'

/** An intake and a store that see only what the rules leave; both as they are where there are none. */
export function redacting(
  { store, intake }: { readonly store: Store; readonly intake: Intake },
  redactor: Redactor | undefined,
): { readonly store: Store; readonly intake: Intake } {
  if (!redactor) return { store, intake }
  return { store: redactingStore(store, redactor), intake: redactingIntake(intake, redactor) }
}

/** An intake that sees only what the rules leave: neither the journal nor who reads it ever has the rest. */
function redactingIntake(intake: Intake, redactor: Redactor): Intake {
  return {
    async accept(batch: IntakeBatch) {
      await intake.accept(await redactBatch(batch, redactor))
    },
    close: () => intake.close(),
  }
}

async function redactBatch(batch: IntakeBatch, redactor: Redactor): Promise<IntakeBatch> {
  const { signal, body, encoding } = batch
  const limited = redactor.forRequest(body.byteLength)
  if (signal === 'logs') {
    return { signal, encoding: 'json', body: redactedLogs(body, encoding, limited) }
  }
  const spans = await redactSpans(decodeTraces(body, encoding).spans, limited)
  return { signal, encoding: 'protobuf', body: encodeTraces(spans) }
}
