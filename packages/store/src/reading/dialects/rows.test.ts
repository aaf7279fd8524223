import { describe, expect, it } from 'vitest'
import type { AnyValue } from '../../otlp/records.ts'
import { span } from '../../testing/spans.ts'
import { canonicalRows } from '../canonical-span.ts'
import type { Dialect, Field } from './dialect.ts'
import { dialects } from './index.ts'

type Values = Readonly<Record<string, AnyValue>>

const read = (attributes: Values, name = 'span') =>
  canonicalRows(span({ id: '1', name, attributes }))

/** An attribute that a mark recognizes. */
const marking = (mark: string): Values => {
  const [name = '', value = 'x'] = mark.replace('*', 'x').split('=')
  return { [name]: value }
}

/** A value under a key, in the notation of the key. */
function under(key: string, value: string | number | object): Values {
  const [attribute = '', pointer] = key.split('#/')
  if (pointer !== undefined) {
    const steps = pointer.split('/').reverse()
    const holder = steps.reduce<unknown>(
      (inner, step) => (step === '0' ? [inner] : { [step]: inner }),
      value,
    )
    return { [attribute]: JSON.stringify(holder) }
  }
  const [, several, first = ''] = /^(.*\.)\{(\w+)/.exec(key) ?? []
  if (several !== undefined) return { [several + first]: String(value) }
  const prefix = key.slice(0, -2)
  if (key.endsWith('.#')) {
    const [item = value] = Array.isArray(value) ? value : [value]
    if (typeof item !== 'object' || item === null) return { [`${prefix}.0.content`]: item }
    return Object.fromEntries(
      Object.entries(item).map(([name, of]) => [`${prefix}.0.${name}`, String(of)]),
    )
  }
  if (key.endsWith('.*')) return { [`${prefix}.text`]: String(value) }
  return { [key]: typeof value === 'object' ? JSON.stringify(value) : value }
}

/** Makes a span of a dialect a model call. */
function modelCall({ kind, kinds }: Dialect): Values {
  const name = Object.entries(kinds).find(([, meaning]) => meaning === 'llm')?.[0] ?? 'LLM'
  return under(kind[0] ?? '', name)
}

const system = { 'gen_ai.system_instructions': 'Be brief and kind.' }
const tool = { name: 'look_up', description: 'Finds a parcel.' }

/** For each field: what a span says under the key, and what is read of it. */
const proofs: Readonly<Record<Field, (key: string, dialect: Dialect) => void>> = {
  input: (key, dialect) => {
    const { span } = read({ ...modelCall(dialect), ...under(key, 'Where is it?') })
    expect(span.input?.text).toContain('Where is it?')
  },
  output: (key, dialect) => {
    const { span } = read({ ...modelCall(dialect), ...under(key, 'In Lyon.') })
    expect(span.output?.text).toContain('In Lyon.')
  },
  system: (key, dialect) => {
    const { parameters, inputs } = read({ ...modelCall(dialect), ...under(key, 'Be kind.') })
    expect(parameters).toMatchObject([{ value: '"Be kind."', trainable: true }])
    expect(inputs[0]).toMatchObject({ role: 'system', origin: 'parameter' })
  },
  template: (key) => {
    const { parameters, inputs } = read(under(key, 'Say {{word}}.'))
    expect(parameters).toMatchObject([{ value: '"Say {{word}}."', trainable: true }])
    expect(inputs).toMatchObject([{ role: 'prompt', origin: 'parameter' }])
  },
  variables: (key) => {
    const { inputs } = read({
      'llm.prompt_template.template': 'Say {{word}}.',
      ...under(key, key.endsWith('*') ? 'hi' : { text: 'hi' }),
    })
    expect(inputs).toContainEqual(
      expect.objectContaining({ role: 'variables', value: '{"text":"hi"}' }),
    )
  },
  promptName: (key, dialect) => {
    const { parameters } = read({ ...modelCall(dialect), ...system, ...under(key, 'my.prompt') })
    expect(parameters.map(({ name }) => name)).toEqual(['my.prompt'])
  },
  caller: (key, dialect) => {
    const { parameters } = read({ ...modelCall(dialect), ...system, ...under(key, 'triage') })
    expect(parameters.map(({ name }) => name)).toEqual(['triage.system'])
  },
  tools: (key, dialect) => {
    const { parameters, inputs } = read({ ...modelCall(dialect), ...under(key, [tool]) })
    expect(parameters).toMatchObject([{ name: 'tool.look_up.description', trainable: true }])
    expect(inputs).toContainEqual(expect.objectContaining({ role: 'tool.look_up' }))
  },
  toolDescription: (key) => {
    const { parameters } = read({
      ...{ 'openinference.span.kind': 'TOOL', 'tool.name': 'look_up' },
      ...under(key, 'Finds a parcel.'),
    })
    expect(parameters).toMatchObject([{ name: 'tool.look_up.description' }])
  },
  model: (key) => expect(read(under(key, 'small')).span.model).toBe('small'),
  provider: (key) => expect(read(under(key, 'openai')).span.provider).toBe('openai'),
  inputTokens: (key) => expect(read(under(key, 7)).span.inputTokens).toBe(7),
  outputTokens: (key) => expect(read(under(key, 8)).span.outputTokens).toBe(8),
  cacheReadTokens: (key) => expect(read(under(key, 6)).span.cacheReadTokens).toBe(6),
  cacheWriteTokens: (key) => expect(read(under(key, 5)).span.cacheWriteTokens).toBe(5),
  reasoningTokens: (key) => expect(read(under(key, 4)).span.reasoningTokens).toBe(4),
  totalTokens: (key) => {
    const usage = { input_tokens: 10, output_tokens: 7, 'cache_read.input_tokens': 5 }
    const written = Object.entries(usage).map(([name, count]) => [`gen_ai.usage.${name}`, count])
    const { span } = read({ ...Object.fromEntries(written), ...under(key, 22) })
    expect(span).toMatchObject({ inputTokens: 15, outputTokens: 7 })
  },
  costUsd: (key) => expect(read(under(key, 0.25)).span.costUsd).toBe(0.25),
  session: (key) => expect(read(under(key, '42')).span.session).toBe('42'),
  user: (key) => expect(read(under(key, 'ann')).span.user).toBe('ann'),
  callId: (key) => expect(read(under(key, 'call_9')).span.callId).toBe('call_9'),
  responseId: (key, dialect) => {
    const { callId } = read({ ...modelCall(dialect), ...under(key, 'resp_9') }).span
    expect(callId).toBe('resp_9')
  },
}

const fieldNames = Object.keys(proofs) as Field[]

describe.each(dialects.map((dialect) => ({ name: dialect.name, dialect })))(
  'the table of $name',
  ({ dialect }) => {
    it.each([...dialect.marks])('is recognized by %s', (mark) => {
      expect(read(marking(mark)).span.dialect).toBe(dialect.name)
    })

    it.each(
      Object.entries(dialect.kinds).flatMap(([name, kind]) =>
        dialect.kind.map((key) => [key, name, kind] as const),
      ),
    )('reads %s %s as %s', (key, name, kind) => {
      const [mark = ''] = dialect.marks
      expect(read({ ...bare(mark), ...under(key, name) }).span.opKind).toBe(kind)
    })

    it.each([...dialect.implied])('takes a span with %s for %s', (attribute, kind) => {
      const [mark = ''] = dialect.marks
      const { opKind } = read({ ...marking(attribute), ...bare(mark) }).span
      expect(opKind).toBe(kind)
    })

    it.each(Object.entries(dialect.names ?? {}))('takes a span called %s for %s', (name, kind) => {
      const [mark = ''] = dialect.marks
      // A mark with a value is a kind itself.
      expect(read(mark.includes('=') ? {} : bare(mark), name).span.opKind).toBe(kind)
      expect(read({}, name).span).toMatchObject({ dialect: dialect.name, opKind: kind })
    })

    it.each(dialect.modelName ?? [])('names a model by %s', (key) => {
      const { span } = read({ ...modelCall(dialect), ...under(key, 'small') })
      expect(span.model).toBe('small')
    })

    it.each(
      Object.entries(dialect.op).flatMap(([kind, keys]) => keys.map((key) => [kind, key] as const)),
    )('calls an operator of kind %s by %s', (kind, key) => {
      const name = Object.entries(dialect.kinds).find(([, meaning]) => meaning === kind)?.[0]
      const [mark = ''] = dialect.marks
      const said = under(dialect.kind[0] ?? '', name ?? kind.toUpperCase())
      expect(read({ ...marking(mark), ...said, [key]: 'my-name' }).span.op).toBe('my-name')
    })

    it.each(
      fieldNames.flatMap((field) =>
        (dialect.fields[field] ?? []).map((key) => [field, key] as const),
      ),
    )('reads %s from %s', (field, key) => {
      proofs[field](key, dialect)
    })
  },
)

/** A mark that does not itself say the kind. */
function bare(mark: string): Values {
  return mark.startsWith('ai.operationId') ? { 'ai.model.id': 'x' } : marking(mark)
}

it('reads what says too little by its name only on spans of the dialect', () => {
  const names = { model: 'gpt-5.5', 'thread.id': 'th-1' }
  const usage = { 'codex.turn.token_usage.input_tokens': 100 }
  expect(read({ ...names, ...usage }).span).toMatchObject({
    ...{ dialect: 'codex', opKind: 'turn', model: 'gpt-5.5', session: 'th-1', inputTokens: 100 },
  })
  expect(read({ ...names, 'openinference.span.kind': 'CHAIN' }).span).toMatchObject({
    ...{ model: null, session: null },
  })
  expect(read(names).span).toMatchObject({ model: null, session: null })
})

it('takes no project of LangSmith for a conversation', () => {
  const { span } = read({ 'langsmith.span.kind': 'llm', 'langsmith.trace.session_id': 'project' })
  expect(span.session).toBeNull()
})

it('takes who and which conversation it is from the resource where no span says', () => {
  const resource = {
    attributes: new Map([
      ['user.id', 'ann'],
      ['session.id', 's1'],
    ]),
    schemaUrl: '',
  }
  const at = (attributes: Values) =>
    canonicalRows({ ...span({ id: '1', attributes }), resource }).span
  expect(at({})).toMatchObject({ user: 'ann', session: 's1' })
  expect(at({ 'enduser.id': 'bob' })).toMatchObject({ user: 'bob', session: 's1' })
})

it('takes no name of anything but a model for the name of one', () => {
  const flow = read({ 'genkit:metadata:subtype': 'flow', 'genkit:name': 'parcels' })
  expect(flow.span).toMatchObject({ opKind: 'agent', op: 'parcels', model: null })
})

it('takes a node of LiveKit for what is around the call of a model, and speech for none', () => {
  const model = { 'gen_ai.request.model': 'm', 'gen_ai.provider.name': 'p' }
  const node = read({ ...model, 'lk.pii.chat_ctx': '{"items":[]}', 'lk.pii.response.text': 'Hi.' })
  expect(node.span).toMatchObject({ dialect: 'livekit', opKind: 'chain', output: { text: 'Hi.' } })
  const speech = read({ ...model, 'lk.response.ttfb': 0.2 })
  expect(speech.span).toMatchObject({ dialect: 'livekit', opKind: 'speech' })
  const request = read({ ...model, 'gen_ai.operation.name': 'chat', 'lk.llm_metrics': '{}' })
  expect(request.span).toMatchObject({ dialect: 'livekit', opKind: 'llm', op: 'chat' })
})

it('takes a retry inside a request of LiveKit for no call, and reads what the request says in any company', () => {
  const model = { 'gen_ai.request.model': 'm', 'gen_ai.provider.name': 'p' }
  expect(read({ ...model, 'lk.retry_count': 0 }).span.opKind).toBe('attempt')
  const started = { ...model, 'gen_ai.operation.name': 'create_agent', 'lk.agent_label': 'a' }
  expect(read(started).span.kind).toBe('aside')
  const request = { 'langfuse.observation.completion_start_time': '"now"', ...model }
  expect(read({ ...request, 'gen_ai.operation.name': 'chat' }).span.opKind).toBe('llm')
  expect(read({ ...request, 'gen_ai.input.messages': '[]' }).span.opKind).toBe('llm')
  const workflow = { 'lk.agent_label': 'a', 'gen_ai.operation.name': 'invoke_workflow' }
  expect(read(workflow).span.opKind).toBe('agent')
})

it('reads a function that OpenLIT traces as a step, and the session and the tools that LangWatch has aside', () => {
  const result = { 'gen_ai.output.messages': 'In Lyon.' }
  const step = read({ 'function.args': "('Where is it?',)", 'function.kwargs': '{}', ...result })
  expect(step.span).toMatchObject({
    ...{ dialect: 'openlit', opKind: 'chain', input: { text: 'Where is it?' } },
    output: { text: 'In Lyon.' },
  })
  const aside = { metadata: '{"thread_id":"th-1"}', 'langwatch.span.type': 'llm' }
  const call = read({ ...aside, 'langwatch.params': JSON.stringify({ tools: [tool] }) })
  expect(call.span.session).toBe('th-1')
  expect(call.parameters).toMatchObject([{ name: 'tool.look_up.description' }])
  expect(read({ ...aside, 'langwatch.span.type': '' }).span.session).toBe('th-1')
})

it('reads the functions and the agents that Logfire writes of the OpenAI Agents SDK', () => {
  const logfire = (values: Values) => read({ 'logfire.span_type': 'span', ...values }).span
  const found = { name: 'find_parcel', mcp_data: null, input: '{"parcel":"P-77"}' }
  expect(logfire({ ...found, output: '{"place":"Lyon"}' })).toMatchObject({
    ...{ opKind: 'tool', op: 'find_parcel', input: { text: '{"parcel":"P-77"}' } },
    output: { text: '{"place":"Lyon"}' },
  })
  const events = [
    { 'event.name': 'gen_ai.system.message', role: 'system', content: 'File parcels.' },
    { 'event.name': 'gen_ai.user.message', role: 'user', content: 'Where is it?' },
    { 'event.name': 'gen_ai.choice', message: { role: 'assistant', content: 'In Lyon.' } },
  ]
  const usage = {
    input_tokens_details: { cached_tokens: 57 },
    output_tokens_details: { reasoning_tokens: 8 },
  }
  const call = read({
    ...{ 'logfire.span_type': 'span', 'gen_ai.operation.name': 'chat' },
    ...{ raw_input: JSON.stringify([{ role: 'user', content: 'Where is it?' }]) },
    ...{ events: JSON.stringify(events), usage: JSON.stringify(usage) },
  })
  expect(call.parameters).toMatchObject([{ value: '"File parcels."' }])
  expect(call.span).toMatchObject({ cacheReadTokens: 57, reasoningTokens: 8 })
  expect(logfire({ name: 'parcels', handoffs: '[]' })).toMatchObject({
    ...{ opKind: 'agent', op: 'parcels' },
  })
  expect(logfire({ name: 'run', agent_trace_id: 't', group_id: 's-1' })).toMatchObject({
    ...{ opKind: 'agent', op: 'run', session: 's-1' },
  })
})

describe('a span that mixes dialects', () => {
  it('is of the first in the table, whose keys count first; the others fill the gaps', () => {
    const { span } = read({
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.model': 'by-gen-ai',
      'gen_ai.usage.input_tokens': 3,
      'llm.model_name': 'by-openinference',
      'openinference.span.kind': 'LLM',
    })
    expect(span).toMatchObject({
      dialect: 'openinference',
      opKind: 'llm',
      model: 'by-openinference',
      inputTokens: 3,
    })
  })

  it('gives no usage to agents, whose model calls have it', () => {
    const { span } = read({ 'ai.operationId': 'ai.generateText', 'ai.usage.inputTokens': 3 })
    expect(span.inputTokens).toBeNull()
  })
})

describe('a prompt', () => {
  const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'x' }
  const names = (attributes: Values) => read(attributes).parameters.map(({ name }) => name)

  it('without any name is called after its first words', () => {
    const text = 'You are a clerk, since 1999. Answer briefly.'
    const name = 'prompt.you-are-a-clerk-since'
    expect(names({ ...chat, 'gen_ai.system_instructions': text })).toEqual([name])
  })

  it('is its template, not what the template was filled to', () => {
    const attributes = {
      ...chat,
      'llm.prompt_template.template': 'Answer {{name}} politely.',
      'gen_ai.prompt.name': 'greeting',
      'gen_ai.system_instructions': 'Answer Ann politely.',
    }
    expect(names(attributes)).toEqual(['greeting'])
    const other = { ...attributes, 'gen_ai.system_instructions': 'Be rude.' }
    expect(names(other)).toEqual(['greeting', 'prompt.be-rude'])
  })

  it('with a name but no text is no parameter', () => {
    expect(names({ ...chat, 'gen_ai.prompt.name': 'greeting' })).toEqual([])
  })
})

describe('OpenTrace', () => {
  it('names parameters, and what is said about them is none', () => {
    const { parameters, inputs } = read({
      'param.plan': 'Plan well.',
      'param.plan.trainable': 'True',
      'param.__code_f': 'def f(): pass',
      'param.__code_f.sha256': 'abc',
      'param.__code_f.truncated': 'false',
    })
    expect(parameters).toMatchObject([
      { name: 'plan', value: '"Plan well."', trainable: true },
      { name: '__code_f', trainable: false },
    ])
    expect(inputs).toMatchObject([{ role: 'plan' }, { role: '__code_f' }])
  })

  it('refers to spans, and a colon alone makes no reference', () => {
    const { inputs } = read({
      'inputs.plan': 'span:00000000000000AB',
      'inputs.memo': 'agent:00000000000000cd',
      'inputs.text': 'lit:span:00000000000000ab',
      'inputs.question': 'note: where is it?',
    })
    expect(inputs).toMatchObject([
      { role: 'plan', origin: 'span', spanId: '00000000000000ab' },
      { role: 'memo', origin: 'span', spanId: '00000000000000cd' },
      { role: 'text', origin: 'value', value: '"span:00000000000000ab"' },
      { role: 'question', origin: 'value', value: '"note: where is it?"' },
    ])
  })

  it('gives verdicts, and Agent Lightning rewards on a span of their own', () => {
    const verdict = { 'eval.score': 0.5, 'eval.feedback': 'Half.', 'eval.groundedness': '1' }
    expect(read(verdict).feedback).toMatchObject([
      { name: 'score', score: 0.5, comment: 'Half.' },
      { name: 'groundedness', score: 1, comment: null },
    ])
    const reward = span({
      id: '2',
      parent: '1',
      attributes: { 'agentlightning.reward.0.name': 'r', 'agentlightning.reward.0.value': '0.75' },
    })
    const { span: carrier, feedback } = canonicalRows(reward)
    expect(carrier.kind).toBe('feedback')
    expect(feedback).toMatchObject([{ name: 'r', score: 0.75, spanId: '0000000000000001' }])
  })
})
