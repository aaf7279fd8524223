import type { AnyValue, ResourceRecord, SpanRecord } from '../../otlp/records.ts'
import { type SpanSketch, span, spanId, traceId } from '../spans.ts'
import { chat, conversations, model } from './conversations.ts'
import { each, indexed, json, type Members, members } from './members.ts'

/** Makes the spans of a request that is `size` long in one dimension, or in two at once. */
export type Dimension = (size: number) => readonly SpanRecord[]

const alone = (sketch: Omit<SpanSketch, 'id'>): readonly SpanRecord[] => [
  span({ id: '1', ...sketch }),
]
const having = (...some: Members[]) => alone({ attributes: Object.assign({}, ...some) })

const hash = (at: number) => at.toString(16).padStart(64, '0')
const version = (at: number) => at.toString(16).padStart(16, '0')

const own = { 'trace2.kind': 'op', 'trace2.op': 'step' }

/** A value within a value, and so on. */
function nested(depth: number, open: string, close: string, inner = '1'): string {
  return open.repeat(depth) + inner + close.repeat(depth)
}

/** As deep as attributes may be. */
function deepValue(depth: number): AnyValue {
  let value: AnyValue = 'x'
  for (let at = 0; at < depth; at++) value = at % 2 ? [value] : new Map([['a', value]])
  return value
}

const link = (at: number, attributes: Members = {}) => ({
  traceId: traceId('b'),
  spanId: spanId((at + 1).toString(16)),
  attributes: new Map(Object.entries(attributes)),
})

function resourceOf(size: number): ResourceRecord {
  return {
    attributes: new Map(each(size, (at) => [`resource.key.${at}`, `value ${at}`])),
    schemaUrl: '',
  }
}

const numbered = (size: number, make: (at: number) => Omit<SpanSketch, 'id'>): SpanRecord[] =>
  each(size, (at) => span({ id: (at + 1).toString(16), at, ...make(at) }))

const parameters = (size: number, tail: (at: number) => string = (at) => `p${at}`): Members => ({
  ...members(size, (at) => [`trace2.param.version.${tail(at)}`, version(at)]),
  ...members(size, (at) => [`trace2.param.value.${tail(at)}`, json(`value ${at}`)]),
  ...members(size, (at) => [`trace2.param.trainable.${tail(at)}`, true]),
  ...members(size, (at) => [`trace2.param.description.${tail(at)}`, `words ${at}`]),
  ...members(size, (at) => [`trace2.param.propensity.${tail(at)}`, 0.5]),
})

/**
 * Everything of which a request can have more or less. What is named with a `×` grows in two places, of which each could
 * be gone through for each of the other.
 */
export const dimensions: Readonly<Record<string, Dimension>> = {
  spans: (size) => numbered(size, () => ({ attributes: own })),
  'spans of another convention': (size) =>
    numbered(size, () => ({
      attributes: { ...chat, 'gen_ai.input.messages': '[{"role":"user","content":"hi"}]' },
    })),
  'spans with one id': (size) => each(size, () => span({ id: '1', attributes: own })),
  'spans of a trace each': (size) => numbered(size, (at) => ({ trace: (at + 1).toString(16) })),
  'spans with a resource each': (size) => numbered(size, (at) => ({ resource: { at: `${at}` } })),
  'spans × attributes of their resource': (size) => {
    const resource = resourceOf(size)
    const made = numbered(size, () => ({
      attributes: { ...chat },
      events: [{ name: 'gen_ai.user.message', attributes: { content: 'hi' } }],
    }))
    return made.map((one) => ({ ...one, resource }))
  },
  'spans × attributes of their scope': (size) => {
    const scope = { name: 's', version: '', attributes: resourceOf(size).attributes, schemaUrl: '' }
    return numbered(size, () => ({ attributes: { ...chat } })).map((one) => ({ ...one, scope }))
  },
  attributes: (size) => having(members(size, (at) => [`some.key.${at}`, `value ${at}`])),
  'attributes of a span of ours': (size) =>
    having(
      own,
      members(size, (at) => [`some.key.${at}`, `value ${at}`]),
    ),
  'long attributes': (size) =>
    having(
      own,
      members(size / 100, (at) => [`k${at}`, `${at % 10}`.repeat(2_000)]),
    ),
  'a long key': (size) => having({ ['key.'.repeat(size)]: 1 }),
  'a long key with an index': (size) =>
    having(model, { [`llm.input_messages.0.${'a.'.repeat(size)}b`]: 1 }),
  'a long text': (size) =>
    having(own, { 'input.value': 'x '.repeat(size), 'output.value': 'y '.repeat(size) }),
  'a long name': (size) => alone({ name: 'n'.repeat(size), attributes: chat }),
  'a long name of blanks': (size) => alone({ name: `${' '.repeat(size)}x`, attributes: chat }),
  'a long message of an error': (size) => alone({ error: 'e '.repeat(size) }),
  'items of a list': (size) =>
    having({ list: each(size, (at) => `item ${at}`), 'output.value': each(size, (at) => at) }, own),
  'members of a map': (size) =>
    having(
      {
        map: new Map(each(size, (at) => [`k${at}`, `v${at}`])),
        'output.value': new Map(each(size, (at) => [`k${at}`, `v${at}`])),
      },
      own,
    ),
  'depth of values': (size) =>
    having(
      own,
      members(size / 50, (at) => [`k${at}`, deepValue(50)]),
    ),
  'members of the input': (size) =>
    having(own, {
      'input.value': json(members(size, (at) => [`k${at}`, `value ${at}`])),
      'output.value': json(members(size, (at) => [`k${at}`, at])),
    }),
  'items of the input': (size) =>
    having(own, {
      'input.value': json(each(size, (at) => `value ${at}`)),
      'output.value': json(each(size, (at) => at)),
    }),
  'depth of the input': (size) =>
    having(own, {
      'input.value': nested(size, '[', ']'),
      'output.value': nested(size, '{"a":', '}'),
    }),
  'depth of messages': (size) =>
    having(chat, {
      'gen_ai.input.messages': json(
        each(size / 100, () => JSON.parse(nested(100, '{"messages":', '}'))),
      ),
      'gen_ai.output.messages': nested(size, '[{"message":', '}]'),
    }),
  'JSON within JSON': (size) =>
    having(chat, {
      'gen_ai.input.messages': json(
        each(size, (at) => ({
          role: 'tool',
          content: json({ at, inner: json({ text: json([at]) }) }),
        })),
      ),
    }),
  'escapes in JSON': (size) =>
    having(own, {
      'input.value': `"${'\\ud800'.repeat(size)}"`,
      'output.value': `"${'\\n'.repeat(size)}"`,
    }),
  'hashes of inputs': (size) =>
    having(
      own,
      members(size, (at) => [`trace2.input.hash.r${at}`, hash(at)]),
    ),
  'templates of inputs': (size) =>
    having(
      own,
      members(size, (at) => [`trace2.input.template.r${at}`, `words ${at}`]),
    ),
  'inputs that are values': (size) =>
    having(own, {
      'trace2.inputs': each(size, (at) => `r${at}=value:${hash(at)}`),
      'input.value': json(members(size, (at) => [`r${at}`, at])),
    }),
  'inputs of one role × its value': (size) =>
    having(own, {
      'trace2.inputs': each(size, (at) => `r=value:${hash(at)}`),
      'input.value': json({ r: 'x '.repeat(size) }),
    }),
  'inputs that are spans': (size) =>
    having(own, {
      'trace2.inputs': each(
        size,
        (at) => `r${at}=span:${traceId('b')}:${spanId((at + 1).toString(16))}#/a!value`,
      ),
    }),
  'inputs that are parameters': (size) =>
    having(
      own,
      { 'trace2.inputs': each(size, (at) => `r${at}=param:p${at}@${version(at)}`) },
      parameters(size),
    ),
  'inputs that cannot be read': (size) =>
    having(own, { 'trace2.inputs': each(size, (at) => `what ${at}`) }),
  parameters: (size) => having(own, parameters(size)),
  'versions of one parameter': (size) =>
    having(
      own,
      parameters(size, (at) => `p@${version(at)}`),
    ),
  'choices of a schema': (size) =>
    having(own, {
      'trace2.param.version.p': version(1),
      'trace2.param.value.p': '"a"',
      'trace2.param.schema.p': json({ anyOf: each(size, (at) => ({ const: `${at}` })) }),
    }),
  'parameters of OpenTrace': (size) =>
    having(
      members(size, (at) => [`param.p${at}`, `words ${at}`]),
      members(size, (at) => [`param.p${at}.trainable`, 'True']),
    ),
  'inputs of OpenTrace': (size) =>
    having(
      { 'param.p': 'x' },
      members(size, (at) => [`inputs.r${at}`, at % 2 ? `span:${spanId('2')}` : `lit:words ${at}`]),
    ),
  'verdicts of OpenTrace': (size) => having(members(size, (at) => [`eval.m${at}`, 0.5])),
  'rewards of Agent Lightning': (size) =>
    having(
      indexed(size, 'agentlightning.reward', 'name', (at) => `r${at}`),
      indexed(size, 'agentlightning.reward', 'value', () => '0.5'),
    ),
  annotations: (size) =>
    having(
      indexed(size, 'annotations', 'annotation.name', (at) => `a${at}`),
      indexed(size, 'annotations', 'annotation.score', () => 1),
    ),
  tools: (size) =>
    having(chat, {
      'gen_ai.tool.definitions': json(
        each(size, (at) => ({ type: 'function', name: `t${at}`, description: `Does ${at}.` })),
      ),
    }),
  'tools with an index': (size) =>
    having(
      model,
      indexed(size, 'llm.tools', 'tool.json_schema', (at) =>
        json({ function: { name: `t${at}`, description: `Does ${at}.` } }),
      ),
    ),
  'functions with an index': (size) =>
    having(
      { 'llm.request.type': 'chat' },
      indexed(size, 'llm.request.functions', 'name', (at) => `t${at}`),
      indexed(size, 'llm.request.functions', 'description', (at) => `Does ${at}.`),
    ),
  'documents with an index': (size) =>
    having(
      { 'openinference.span.kind': 'RETRIEVER' },
      indexed(size, 'retrieval.documents', 'document.content', (at) => `words ${at}`),
    ),
  'a template × the text made of it': (size) =>
    having(chat, {
      'llm.prompt_template.template': '{a} x '.repeat(size),
      'gen_ai.system_instructions': 'b x '.repeat(size),
    }),
  'variables of a template': (size) =>
    having(
      { 'llm.request.type': 'chat', 'traceloop.prompt.template': 'x' },
      members(size, (at) => [`traceloop.prompt.template_variables.v${at}`, `${at}`]),
    ),
  'an open template': (size) =>
    having(chat, {
      'llm.prompt_template.template': '{{<a'.repeat(size),
      'gen_ai.system_instructions': '{{<a'.repeat(size),
    }),
  events: (size) =>
    // Names of one length: redaction looks longer into a text with more digits.
    alone({
      events: each(size, (at) => {
        const number = String(at).padStart(6, '0')
        return { name: `e${number}`, attributes: { at: number } }
      }),
    }),
  'attributes of an event': (size) =>
    alone({
      events: [{ name: 'exception', attributes: members(size, (at) => [`k${at}`, `v${at}`]) }],
    }),
  'events that are messages': (size) =>
    alone({
      attributes: chat,
      events: each(size, (at) => ({
        name: at % 2 ? 'gen_ai.user.message' : 'gen_ai.choice',
        attributes: { content: `words ${at}` },
      })),
    }),
  'events that are evaluations': (size) =>
    alone({
      events: each(size, (at) => ({
        name: 'gen_ai.evaluation.result',
        attributes: { 'gen_ai.evaluation.name': `e${at}`, 'gen_ai.evaluation.score.value': 1 },
      })),
    }),
  'events that are details': (size) =>
    alone({
      attributes: chat,
      events: each(size, (at) => ({
        name: 'gen_ai.client.inference.operation.details',
        attributes: { [`k${at}`]: 1 },
      })),
    }),
  'events in an attribute': (size) => having(chat, { events: json(each(size, () => ({}))) }),
  'causes of an exception': (size) =>
    alone({
      error: 'x',
      events: [
        {
          name: 'exception',
          attributes: { 'trace2.exception.causes': each(size, (at) => `cause ${at}`) },
        },
      ],
    }),
  links: (size) => alone({ links: each(size, (at) => link(at)) }),
  'links with roles': (size) =>
    alone({
      attributes: own,
      links: each(size, (at) =>
        link(at, { 'trace2.link.role': `r${at}`, 'trace2.link.pointer': '/a' }),
      ),
    }),
  'attributes of a link': (size) =>
    alone({
      links: [
        link(
          1,
          members(size, (at) => [`k${at}`, `v${at}`]),
        ),
      ],
    }),
  ...Object.fromEntries(
    Object.entries(conversations).map(([name, attributes]): [string, Dimension] => [
      name,
      (size) => having(attributes(size)),
    ]),
  ),
}
