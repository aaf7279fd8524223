import type { AnyValue, SpanRecord } from '@trace2/store/otlp'
import { type SpanSketch, span, spanId, traceId } from '../../../../store/src/testing/spans.ts'

type Place = (text: string, id: string) => SpanRecord

const sketched =
  (sketch: (text: string) => Omit<SpanSketch, 'id'>): Place =>
  (text, id) =>
    span({ trace: id, id, ...sketch(text) })
const attribute = (key: string, of: (text: string) => AnyValue = (text) => text): Place =>
  sketched((text) => ({ attributes: { 'trace2.kind': 'op', 'trace2.op': 'o', [key]: of(text) } }))
const changed =
  (change: (span: SpanRecord, text: string) => Partial<SpanRecord>): Place =>
  (text, id) => {
    const made = span({ trace: id, id, attributes: { 'trace2.kind': 'op', 'trace2.op': 'o' } })
    return { ...made, ...change(made, text) }
  }
const linked = (of: (text: string) => Partial<SpanRecord['links'][number]>): Place =>
  sketched((text) => ({ links: [{ traceId: traceId('b'), spanId: spanId('1'), ...of(text) }] }))
const resource = (of: (text: string) => Partial<SpanRecord['resource']>): Place =>
  changed((made, text) => ({ resource: { ...made.resource, ...of(text) } }))
const scope = (of: (text: string) => Partial<SpanRecord['scope']>): Place =>
  changed((made, text) => ({ scope: { ...made.scope, ...of(text) } }))
const event = (
  of: (text: string) => { name?: string; attributes?: Record<string, AnyValue> },
): Place => sketched((text) => ({ events: [{ name: 'event', attributes: {}, ...of(text) }] }))

const keys = [
  'note',
  'db.query.text',
  'session.id',
  'user.id',
  'trace2.kind',
  'trace2.op',
  'trace2.op.description',
  'trace2.op.source_hash',
  'trace2.op.side_effects',
  'trace2.op.order',
  'trace2.op.omitted_calls',
  'input.value',
  'input.mime_type',
  'output.value',
  'output.mime_type',
  'trace2.output.form',
  'trace2.output.fidelity',
  'trace2.response.body',
  'trace2.request.hash',
  'trace2.request.settings_hash',
  'trace2.replay',
  'openinference.span.kind',
  'trace2.input.template.a',
  'trace2.input.hash.a',
  'trace2.output.hash',
  'trace2.param.value.p',
  'trace2.param.version.p',
  'trace2.param.trainable.p',
  'trace2.param.description.p',
  'trace2.param.schema.p',
  'trace2.param.kind.p',
  'trace2.param.propensity.p',
  'trace2.feedback.source',
  'trace2.feedback.identifier',
  'trace2.feedback.direction',
  'trace2.feedback.weight',
  'gen_ai.evaluation.name',
  'gen_ai.evaluation.score.label',
  'gen_ai.evaluation.explanation',
  'gen_ai.request.model',
  'gen_ai.input.messages',
  'llm.input_messages.0.message.content',
  'code.function.name',
  'code.file.path',
  'exception.message',
  'http.request.header.cookie',
  'gen_ai.tool.name',
  'gen_ai.provider.name',
  'trace2.experiment',
]
const lists = [
  'tags',
  'trace2.op.volatile',
  'trace2.inputs',
  'trace2.output.undefined',
  'trace2.output.pieces',
  'trace2.redacted',
  'trace2.input.fidelity',
  'trace2.feedback.scale',
  'process.command_args',
]

/** Where a text can stand in a span. */
export const spanPlaces: Readonly<Record<string, Place>> = {
  'span name': sketched((name) => ({ name })),
  'trace state': changed((_, traceState) => ({ traceState })),
  'status message': sketched((error) => ({ error })),
  'event name': event((name) => ({ name })),
  'event attribute': event((note) => ({ attributes: { note } })),
  'event attribute key': event((text) => ({ attributes: { [text]: 1 } })),
  'exception stack': event((text) => ({
    name: 'exception',
    attributes: {
      'exception.type': text,
      'exception.stacktrace': text,
      'trace2.exception.frame': text,
    },
  })),
  'exception members': event((text) => ({
    name: 'exception',
    attributes: {
      'trace2.exception.members': JSON.stringify({ code: text }),
      'trace2.exception.causes': [text],
    },
  })),
  'link trace state': linked((traceState) => ({ traceState })),
  'link attribute': linked((text) => ({ attributes: new Map([['note', text]]) })),
  'link attribute key': linked((text) => ({ attributes: new Map([[text, 'x']]) })),
  'edge role': linked((text) => ({
    attributes: new Map([
      ['trace2.edge.role', text],
      ['trace2.edge.how', text],
    ]),
  })),
  'edge pointer': linked((text) => ({
    attributes: new Map([
      ['trace2.edge.pointer', `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}`],
    ]),
  })),
  'resource attribute': resource((text) => ({ attributes: new Map([['owner', text]]) })),
  'resource attribute key': resource((text) => ({ attributes: new Map([[text, 'x']]) })),
  'resource schema': resource((schemaUrl) => ({ schemaUrl })),
  'service name': resource((text) => ({ attributes: new Map([['service.name', text]]) })),
  'scope name': scope((name) => ({ name })),
  'scope version': scope((version) => ({ version })),
  'scope attribute': scope((text) => ({ attributes: new Map([['note', text]]) })),
  'scope schema': scope((schemaUrl) => ({ schemaUrl })),
  'attribute key': sketched((text) => ({ attributes: { [text]: 'x' } })),
  'parameter name': sketched((text) => ({
    attributes: {
      [`trace2.param.value.${text}`]: '"x"',
      [`trace2.param.version.${text}`]: 'aaaaaaaaaaaaaaaa',
    },
  })),
  'input role': attribute('trace2.inputs', (text) => [
    `${text.replaceAll('%', '%25').replaceAll('=', '%3D')}=span:${traceId('b')}:${spanId('1')}`,
  ]),
  'input pointer': attribute('trace2.inputs', (text) => [
    `a=span:${traceId('b')}:${spanId('1')}#/${encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  ]),
  bytes: attribute('blob', (text) => Buffer.from(text)),
  'member of a map': attribute(
    'map',
    (text) => new Map<string, AnyValue>([['deep', new Map([['note', text]])]]),
  ),
  'name in a map': attribute('map', (text) => new Map([[text, 'x']])),
  'JSON input': attribute('input.value', (text) => JSON.stringify({ ticket: { from: text } })),
  'name in JSON': attribute('input.value', (text) => JSON.stringify({ [text]: 1 })),
  'JSON parameter': attribute('trace2.param.value.q', (text) => JSON.stringify({ prompt: text })),
  ...Object.fromEntries(keys.map((key) => [key, attribute(key)])),
  ...Object.fromEntries(lists.map((key) => [`list ${key}`, attribute(key, (text) => ['a', text])])),
}

/** Where a text can stand in a log record (OTLP JSON). */
export const logPlaces: Readonly<Record<string, (text: string) => object>> = {
  body: (text) => ({ body: { stringValue: text } }),
  'member of the body': (text) => ({
    body: { kvlistValue: { values: [{ key: 'note', value: { stringValue: text } }] } },
  }),
  attribute: (text) => ({ attributes: [{ key: 'note', value: { stringValue: text } }] }),
  'attribute key': (text) => ({ attributes: [{ key: text, value: { intValue: '1' } }] }),
  'severity text': (severityText) => ({ severityText }),
  'event name': (eventName) => ({ eventName }),
  explanation: (text) => ({
    eventName: 'gen_ai.evaluation.result',
    attributes: [
      { key: 'gen_ai.evaluation.name', value: { stringValue: 'care' } },
      { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
      { key: 'gen_ai.evaluation.explanation', value: { stringValue: text } },
    ],
  }),
  'evaluation name': (text) => ({
    eventName: 'gen_ai.evaluation.result',
    attributes: [
      { key: 'gen_ai.evaluation.name', value: { stringValue: text } },
      { key: 'gen_ai.evaluation.score.label', value: { stringValue: text } },
      { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
    ],
  }),
}
