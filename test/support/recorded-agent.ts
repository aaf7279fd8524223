import {
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OUTPUT_VALUE,
  formatInput,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  parameterVersion,
} from '@trace2/core'
import type { SpanRecord } from '@trace2/store/otlp'

const prompt = 'Classify the ticket. Answer with one of: billing, technical.'
const limit = 0.4
const tickets = [
  ['I was charged twice for March.', 'billing', 'charged twice'],
  ['My invoice shows the wrong address.', 'billing', 'invoice'],
  ['The app crashes when I open a file.', 'technical', 'crashes'],
  ['The screen stays black after the update.', 'technical', 'screen'],
  ['Please send me the invoice of May.', 'billing', 'invoice'],
  ['It crashes again on my phone.', 'technical', 'crashes'],
] as const

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')

/**
 * Spans of six runs of an agent as a recording has them, the same on every machine: two parameters, operators that begin
 * at the same time, equal values, an error, and feedback as spans of its own.
 */
export function recordedAgent(): SpanRecord[] {
  return tickets.flatMap((_ticket, number) => runOf(number))
}

function runOf(number: number): SpanRecord[] {
  const [ticket = '', label = '', why = ''] = tickets[number] ?? []
  const traceId = hex(number + 1, 32)
  const answered = number % 2 === 0 ? 'billing' : 'technical'
  const failed = number === 3
  const span = (
    at: number,
    name: string,
    output: string,
    rest: {
      readonly inputs?: readonly string[]
      readonly values?: object
      readonly parameters?: readonly (readonly [string, string | number])[]
    },
  ): SpanRecord => ({
    traceId,
    spanId: hex(number * 16 + at + 1, 16),
    parentSpanId: at === 0 ? undefined : hex(number * 16 + 1, 16),
    traceState: '',
    flags: 1,
    name,
    kind: 1,
    // Siblings begin at the same time, so that nothing can lean on it.
    startNs: BigInt(1_767_225_600_000_000_000 + number * 1e9 + Math.min(at, 1) * 1000),
    endNs: BigInt(1_767_225_600_000_000_000 + number * 1e9 + 9000 - at),
    attributes: new Map<string, string | boolean | readonly string[]>([
      [ATTR_KIND, at === 0 ? 'run' : 'op'],
      [ATTR_OP, name],
      [ATTR_INPUT_VALUE, JSON.stringify(rest.values ?? {})],
      [ATTR_OUTPUT_VALUE, output],
      ...(rest.inputs ? ([[ATTR_INPUTS, rest.inputs]] as const) : []),
      ...(rest.parameters ?? []).flatMap(
        ([parameter, value]) =>
          [
            [`${PREFIX_PARAM_VALUE}${parameter}`, JSON.stringify(value)],
            [`${PREFIX_PARAM_VERSION}${parameter}`, parameterVersion(value)],
            [`${PREFIX_PARAM_TRAINABLE}${parameter}`, true],
          ] as const,
      ),
    ]),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status:
      failed && name === 'route' ? { code: 2, message: 'No queue.' } : { code: 0, message: '' },
    resource: { attributes: new Map([['service.name', 'recorded']]), schemaUrl: '' },
    scope: { name: 'recorded', version: '', attributes: new Map(), schemaUrl: '' },
  })
  const from = (role: string, at: number) => {
    const spanId = hex(number * 16 + at + 1, 16)
    return formatInput({
      role,
      how: 'exact',
      origin: { kind: 'span', traceId, spanId, pointer: '' },
    })
  }
  const use = (role: string, name: string, value: string | number) =>
    formatInput({
      role,
      how: 'exact',
      origin: { kind: 'parameter', name, version: parameterVersion(value), pointer: '' },
    })
  const given = { ticket }
  const target = span(1, 'classify', answered, {
    values: given,
    inputs: [use('prompt', 'triage.classify', prompt)],
    parameters: [['triage.classify', prompt]],
  })
  const right = answered === label
  return [
    span(0, 'triage', answered, { values: given, inputs: [from('return', 4)] }),
    target,
    span(2, 'weigh', '0.5', {
      values: given,
      inputs: [use('limit', 'triage.limit', limit)],
      parameters: [['triage.limit', limit]],
    }),
    span(3, 'weigh', '0.5', { values: given, inputs: [use('limit', 'triage.limit', limit)] }),
    span(4, 'route', answered, {
      inputs: [from('label', 1), from('first', 2), from('second', 3)],
    }),
    feedbackSpan(target, number * 16 + 9, {
      score: right ? 1 : 0,
      words: right ? 'Correct.' : `The label should be "${label}" because of "${why}".`,
    }),
  ]
}

function feedbackSpan(
  target: SpanRecord,
  id: number,
  { score, words }: { readonly score: number; readonly words: string },
): SpanRecord {
  const { traceId, spanId } = target
  return {
    ...target,
    spanId: hex(id, 16),
    name: 'feedback label',
    attributes: new Map<string, string | number>([
      [ATTR_KIND, 'feedback'],
      ['gen_ai.evaluation.name', 'label'],
      ['gen_ai.evaluation.score.value', score],
      ['gen_ai.evaluation.explanation', words],
      ['trace2.feedback.source', 'human'],
      ['trace2.feedback.identifier', 'one'],
    ]),
    links: [
      {
        traceId,
        spanId,
        traceState: '',
        flags: 1,
        attributes: new Map(),
        droppedAttributesCount: 0,
      },
    ],
  }
}
