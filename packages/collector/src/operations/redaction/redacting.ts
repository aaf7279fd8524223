import { setImmediate } from 'node:timers/promises'
import { raise } from '../../errors.ts'
import type { Intake, IntakeBatch } from '../../intake/intake.ts'
import { decodeTraces } from '../../otlp/decode.ts'
import { encodeTraces } from '../../otlp/encode-protobuf.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import type { Store } from '../../store/store.ts'
import { redactSpan } from './redact-span.ts'
import type { Redactor } from './redactor.ts'

/** How long other requests may wait for the spans of one. */
const TURN_MS = 10

/** An intake that sees only what the rules leave: neither the journal nor who reads it ever has the rest. */
export function redactingIntake(intake: Intake, redactor: Redactor): Intake {
  return {
    async accept(batch: IntakeBatch) {
      if (batch.signal !== 'traces') {
        throw raise('T2_REDACTION', `There is no redaction of ${batch.signal}.`)
      }
      const { spans } = decodeTraces(batch.body, batch.encoding)
      const body = encodeTraces(await redactSpans(spans, redactor))
      await intake.accept({ ...batch, encoding: 'protobuf', body })
    },
    close: () => intake.close(),
  }
}

/** A store for which the same holds, whoever writes to it. */
export function redactingStore(store: Store, redactor: Redactor): Store {
  const text = (value: string | null | undefined) => (value ? redactor.text(value) : null)
  return {
    ...store,
    writeSpans: async (spans) => store.writeSpans(await redactSpans(spans, redactor)),
    addFeedback: (feedback) =>
      store.addFeedback({
        ...feedback,
        label: text(feedback.label),
        comment: text(feedback.comment),
      }),
  }
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
