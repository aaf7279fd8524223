import { getEventListeners } from 'node:events'
import { openStore, type Store } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import {
  question,
  reply,
  runIn,
  spellings,
  system,
} from '../../../store/src/testing/dialect-runs/index.ts'
import type { TrialRequest } from '../agents/trial-agent.ts'
import { type ChatReply, chatServer } from '../testing/chat-server.ts'
import { sampleCase } from '../testing/experiments.ts'
import { singleCallAgent } from './single-call-agent.ts'

const changed = 'You answer customers. Name the city first.'

async function storeWith(dialect: string): Promise<{ store: Store; run: string; prompt: string }> {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  const spelling = spellings[dialect]
  if (!spelling) throw new Error(`no dialect ${dialect}`)
  await store.writeSpans(runIn(spelling))
  const [summary] = await store.runs()
  const prompts = (await store.parameters()).filter(({ value }) => value === system)
  return { store, run: summary?.id ?? '', prompt: prompts[0]?.name ?? '' }
}

async function ask(
  { store, run, prompt }: Awaited<ReturnType<typeof storeWith>>,
  answer: ChatReply = 'Lyon: your parcel is there.',
  values: TrialRequest['values'] = { [prompt]: changed },
) {
  const server = await chatServer(() => answer)
  onTestFinished(() => server[Symbol.asyncDispose]())
  const agent = singleCallAgent({ store, client: server.client, endpoint: server.url })
  const told = await agent.run({
    experiment: 'e',
    trial: 't',
    traceId: '1'.repeat(32),
    case: sampleCase(1, { run }),
    values,
    changed: Object.keys(values),
  })
  return { told, body: server.bodies[0] }
}

const withPrompt = Object.keys(spellings)

test.each(withPrompt)(
  'the last call of a run in %s is asked again with the new prompt',
  async (dialect) => {
    const { told, body } = await ask(await storeWith(dialect))
    expect(told).toMatchObject({ outcome: 'done', output: 'Lyon: your parcel is there.' })
    expect(body?.messages[0]).toEqual({ role: 'system', content: changed })
    expect(body?.messages).toContainEqual({ role: 'user', content: question })
    // What the run had found out before is part of what is asked.
    expect(JSON.stringify(body?.messages)).toContain('Lyon')
    expect(JSON.stringify(body?.messages)).not.toContain(reply)
  },
)

test('with the recorded prompt the request is the recorded one', async () => {
  const known = await storeWith('gen_ai')
  const { body } = await ask(known, 'x', { [known.prompt]: system })
  expect(body?.messages[0]).toEqual({ role: 'system', content: system })
  expect(body?.model).toBe('small-model')
})

test('a description of a tool can be the change', async () => {
  const known = await storeWith('gen_ai')
  const name = 'tool.look_up.description'
  const { body } = await ask(known, 'x', { [name]: 'Looks up a parcel.' })
  expect(JSON.stringify(body)).toContain('Looks up a parcel.')
  expect(body?.messages[0]?.content).toBe(system)
})

test('a case without a run, and a run that did not use the parameter, cannot be asked', async () => {
  const known = await storeWith('gen_ai')
  const other = await ask(known, 'x', { 'somebody.else': 'y' })
  expect(other.told).toMatchObject({
    outcome: 'not replayable',
    reason: expect.stringContaining('somebody.else'),
  })
  expect(other.body).toBeUndefined()
})

test('a failure of the endpoint is the trial’s, in words', async () => {
  const known = await storeWith('gen_ai')
  const { told } = await ask(known, { status: 402, message: 'No credit left on this account.' })
  expect(told.outcome).toBe('failed')
  expect(told.reason).toContain('no credit left')
})

test.each([
  ['cut by a limit', (text: string) => text.slice(0, 60), 'cut'],
  ['redacted', (text: string) => text.replace(question, '[redacted:1a2b]'), 'redacted'],
])('messages that were %s are not asked again as if they were whole', async (_, change, word) => {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  const spelling = spellings.gen_ai
  if (!spelling) throw new Error('no dialect gen_ai')
  const changedSpans = runIn(spelling).map((span) => {
    const messages = span.attributes.get('gen_ai.input.messages')
    if (typeof messages !== 'string') return span
    const attributes = new Map([...span.attributes, ['gen_ai.input.messages', change(messages)]])
    return { ...span, attributes: new Map(attributes as typeof span.attributes) }
  })
  await store.writeSpans(changedSpans)
  const [run] = await store.runs()
  const prompt = (await store.parameters()).find(({ value }) => value === system)?.name ?? ''
  const { told, body } = await ask({ store, run: run?.id ?? '', prompt })
  expect(told).toMatchObject({ outcome: 'not replayable', reason: expect.stringContaining(word) })
  expect(body).toBeUndefined()
})

test('calls leave no listeners with the signal of the experiment', async () => {
  const [dialect = ''] = withPrompt
  const { store, run, prompt } = await storeWith(dialect)
  const server = await chatServer(() => 'Lyon.')
  onTestFinished(() => server[Symbol.asyncDispose]())
  const agent = singleCallAgent({ store, client: server.client, endpoint: server.url })
  const { signal } = new AbortController()
  for (let call = 0; call < 12; call++) {
    const request = {
      experiment: 'e',
      trial: `t${call}`,
      traceId: '1'.repeat(32),
      changed: [prompt],
    }
    const of = sampleCase(1, { run })
    await agent.run({ ...request, case: of, values: { [prompt]: `${changed} ${call}` } }, signal)
  }
  expect(server.bodies).toHaveLength(12)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a recorded model that the endpoint does not have is said, with what helps', async () => {
  const gone = { status: 404, message: 'The model does not exist' }
  const { told } = await ask(await storeWith(withPrompt[0] ?? ''), gone)
  expect(told).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('--model asks another'),
  })
})
