/**
 * An agent recorded with the OpenTelemetry API and nothing else. It follows docs/semantic-conventions.md by hand, the
 * way a program in any other language would: copy this file's attributes, not its imports.
 */
import { createHash } from 'node:crypto'
import { type Link, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('my-agent')

/** The parameter: its name, its present value, and what an optimizer must know of it. */
export const prompt = {
  name: 'mail.prompt',
  value: 'Sort the mail. Answer with one of: order, complaint, spam.',
  description: 'Instructions for sorting a mail. At most 100 words.',
}

/** Asks a model; how is no matter of the recording. */
export type Ask = (prompt: string, text: string) => Promise<string>

/** What came out of a run, and the ids by which feedback finds it again. */
export interface Sorted {
  readonly label: string
  readonly traceId: string
  readonly spanId: string
}

/** Sorts one mail: a run with two operators. */
export function sortMail(mail: string, ask: Ask): Promise<Sorted> {
  return recorded('sort-mail', 'run', { mail }, async (run) => {
    const { traceId, spanId } = run.spanContext()

    // An operator that uses nothing but a value from outside needs no entry in trace2.inputs.
    const text = await recorded('clean', 'op', { mail }, async (span) => {
      const cleaned = mail.replace(/\s+/g, ' ').trim()
      return output(span, cleaned)
    })

    const label = await recorded(
      'classify',
      'op',
      { text: text.value, prompt: prompt.value },
      async (span) => {
        // Where each input came from: the output of an earlier span, and a parameter in one version.
        span.setAttribute('trace2.inputs', [
          `text=span:${traceId}:${text.spanId}`,
          `prompt=param:${prompt.name}@${version(prompt.value)}`,
        ])
        span.addLink(linkTo(traceId, text.spanId, 'text'))
        span.setAttributes(parameterAttributes())
        return output(span, await ask(prompt.value, text.value))
      },
    )

    // The run hands out what an inner operator returned.
    run.setAttribute('trace2.inputs', [`return=span:${traceId}:${label.spanId}`])
    output(run, label.value)
    return { label: label.value, traceId, spanId }
  })
}

/** Feedback on a run that is long over: a span of its own with one link to the run's span. */
export function judge({ traceId, spanId }: Sorted, score: number, words: string): void {
  tracer
    .startSpan('feedback', {
      root: true,
      links: [{ context: { traceId, spanId, traceFlags: 1 } }],
      attributes: {
        'trace2.kind': 'feedback',
        'trace2.feedback.source': 'human',
        'gen_ai.evaluation.name': 'label',
        'gen_ai.evaluation.score.value': score,
        'gen_ai.evaluation.explanation': words,
      },
    })
    .end()
}

/** One span per call, its parent the operator that made the call. */
function recorded<T>(
  op: string,
  kind: 'run' | 'op',
  inputs: Readonly<Record<string, unknown>>,
  call: (span: Span) => Promise<T>,
): Promise<T> {
  const attributes = {
    'trace2.kind': kind,
    'trace2.op': op,
    'input.value': JSON.stringify(inputs),
    'input.mime_type': 'application/json',
  }
  return tracer.startActiveSpan(op, { kind: SpanKind.INTERNAL, attributes }, async (span) => {
    try {
      return await call(span)
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

function output(span: Span, value: string): { value: string; spanId: string } {
  span.setAttributes({ 'output.value': value, 'output.mime_type': 'text/plain' })
  return { value, spanId: span.spanContext().spanId }
}

function linkTo(traceId: string, spanId: string, role: string): Link {
  return {
    context: { traceId, spanId, traceFlags: 1 },
    attributes: { 'trace2.edge.role': role, 'trace2.edge.how': 'exact' },
  }
}

function parameterAttributes() {
  return {
    [`trace2.param.version.${prompt.name}`]: version(prompt.value),
    [`trace2.param.value.${prompt.name}`]: JSON.stringify(prompt.value),
    [`trace2.param.trainable.${prompt.name}`]: true,
    [`trace2.param.description.${prompt.name}`]: prompt.description,
  }
}

/** First 16 hex digits of the SHA-256 of the value's canonical JSON; of a string, that is what JSON.stringify gives. */
function version(value: string): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
