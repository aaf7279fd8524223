import { setImmediate } from 'node:timers/promises'
import type { Store } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import { decodeTraces, encodeTraces } from '@trace2/store/otlp'
import { raise } from '../errors.ts'
import type { Intake, IntakeBatch } from '../intake/intake.ts'
import { redactDataset, redactTrials } from './redact-evaluation.ts'
import { redactedLogs, redactLog } from './redact-logs.ts'
import { redactSpan } from './redact-span.ts'
import type { Redactor } from './redactor.ts'

/** How long other requests may wait for the spans of one. */
const TURN_MS = 10

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

/** A store for which the same holds, whoever writes to it. */
function redactingStore(store: Store, redactor: Redactor): Store {
  const text = (value: string | null | undefined) => (value ? redactor.text(value) : null)
  return {
    ...store,
    writeSpans: async (spans) => store.writeSpans(await redactSpans(spans, redactor)),
    writeLogs: (records) => store.writeLogs(records.map((record) => redactLog(record, redactor))),
    addFeedback: (feedback) =>
      store.addFeedback({
        ...feedback,
        label: text(feedback.label),
        comment: text(feedback.comment),
      }),
    addDataset: async (dataset) => store.addDataset(redactDataset(dataset, redactor)),
    addRecords: async (table) => {
      const what = `Rows of ${table} are stored as they are, and this collector redacts.`
      throw raise('T2_IMPORT_REDACTED', what)
    },
    putTrials: async (trials) => store.putTrials(redactTrials(trials, redactor)),
  }
}

async function redactBatch(batch: IntakeBatch, redactor: Redactor): Promise<IntakeBatch> {
  const { signal, body, encoding } = batch
  if (signal === 'logs') {
    return { signal, encoding: 'json', body: redactedLogs(body, encoding, redactor) }
  }
  const spans = await redactSpans(decodeTraces(body, encoding).spans, redactor)
  return { signal, encoding: 'protobuf', body: encodeTraces(spans) }
}

async function redactSpans(
  spans: readonly SpanRecord[],
  redactor: Redactor,
): Promise<SpanRecord[]> {
  const redacted: SpanRecord[] = []
  let turn = performance.now()
  for (const span of spans) {
    redacted.push(redactSpan(span, redactor))
    if (performance.now() - turn < TURN_MS) continue
    await setImmediate()
    turn = performance.now()
  }
  return redacted
}
