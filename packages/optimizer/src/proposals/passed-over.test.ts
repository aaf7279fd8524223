import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '@trace2/core'
import { bundle } from '@trace2/instrumentation'
import { loadParametersFile } from '@trace2/instrumentation/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { optimize } from '../step/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { currentParameters } from './current.ts'
import { accept, rollback } from './decide.ts'

let agent: TestAgent
let directory: string
let file: string
beforeEach(async () => {
  agent = await testAgent()
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
  file = join(directory, 'p.json')
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  await agent.flush()
})
afterEach(async () => {
  await agent.store.close()
  await rm(directory, { recursive: true })
})

const write = (parameters: { readonly [name: string]: Json }) =>
  writeFile(file, JSON.stringify({ trace2: 1, parameters }))

async function step(options: { readonly parameters?: readonly string[] } = {}) {
  const suggestion = { [agent.greeting]: 'Dear customer' }
  await using server = await chatServer(() => JSON.stringify({ reasoning: '', suggestion }))
  const { client } = server
  const result = await optimize(agent.store, { model: 'm', client, file, ...options }).catch(
    (error: unknown) => error,
  )
  return { result, calls: server.bodies.length }
}

/** What the agent itself says with this file. */
function agentSays(): string {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
  loadParametersFile(file)
  silent.mockRestore()
  return agent.answer('x')
}

describe('an entry that gives no value', () => {
  it.each<[Json, string]>([
    ['Dear customer', 'it is a text and not an object'],
    [5, 'it is a number and not an object'],
    [null, 'it is null and not an object'],
    [{}, 'it has neither "value" nor "variants"'],
    [{ note: 'later' }, 'it has neither "value" nor "variants"'],
    [{ variants: [] }, 'its "variants" are an empty list'],
    [{ variants: { a: 1 } }, 'its "variants" are an object and no list'],
    [{ variants: ['a'] }, 'variant 1 has no "value"'],
    [
      { variants: [{ value: 'a' }, { value: 'b', weight: 0 }] },
      'the weight of variant 2 is 0, not finite and above 0',
    ],
    [{ variants: [{ value: 'a', weight: -3 }] }, 'the weight of variant 1 is -3, not finite'],
    [{ variants: [{ value: 'a', weight: '9' }] }, 'the weight of variant 1 is "9" and no number'],
  ])('is told before a model is asked: %j', async (entry, why) => {
    await write({ [agent.greeting]: entry })
    const expected = {
      code: 'T2_PARAMETERS_ENTRY',
      message: expect.stringMatching(agent.greeting),
      remedy: expect.stringContaining('"variants"'),
    }
    const { result, calls } = await step()
    expect(result).toMatchObject(expected)
    expect(result).toMatchObject({ message: expect.stringContaining(why) })
    expect(result).toMatchObject({ message: expect.stringContaining(file) })
    expect(calls).toBe(0)
    expect(agentSays()).toContain('Hello')
  })

  it('is told with all others', async () => {
    await write({ [agent.greeting]: 'a', [agent.threshold]: 1 })
    const { result } = await step()
    expect(result).toMatchObject({ message: expect.stringContaining(agent.greeting) })
    expect(result).toMatchObject({ message: expect.stringContaining(agent.threshold) })
  })

  it('of a parameter that is not to change, or that no run used, is left to whom it concerns', async () => {
    await write({ [agent.threshold]: 1, 'of.others': 'a' })
    const { result } = await step({ parameters: [agent.greeting] })
    expect(result).toMatchObject({ proposals: [{ parameter: agent.greeting }] })
  })

  it('that came later stops an acceptance', async () => {
    const { result } = await step()
    const { proposals } = Object(result)
    await write({ [agent.greeting]: { variants: [] } })
    const before = await readFile(file, 'utf8')
    await expect(accept(agent.store, [proposals[0].id], { file })).rejects.toMatchObject({
      code: 'T2_PARAMETERS_ENTRY',
      message: expect.stringContaining('an empty list'),
    })
    expect(await readFile(file, 'utf8')).toBe(before)
  })
})

describe('an entry whose value does not fit', () => {
  it.each<[Json]>([[5], [true], [null], [['Hello']], [{ text: 'Hello' }]])(
    'is not in force, for the agent neither: %j',
    async (value) => {
      await write({ [agent.greeting]: { value, note: 'mine' } })
      expect(agentSays()).toContain('Hello')
      const { result } = await step()
      expect(result).toMatchObject({
        proposals: [{ baseValue: 'Hello', base: { source: 'traffic' } }],
      })
      const { variables, proposals } = Object(result)
      const told = variables.find(({ name }: { name: string }) => name === agent.greeting)
      expect(told.passedOver).toMatchObject({ file, why: expect.stringContaining('string') })
      await accept(agent.store, [proposals[0].id], { file })
      expect(JSON.parse(await readFile(file, 'utf8')).parameters[agent.greeting]).toMatchObject({
        value: 'Dear customer',
        note: 'mine',
      })
      expect(agentSays()).toContain('Dear customer')
      await rollback(agent.store, agent.greeting, { file })
      expect(agentSays()).toContain('Hello')
    },
  )

  it('against the schema is none either', async () => {
    await write({ [agent.threshold]: { value: 7 } })
    const found = (await currentParameters(agent.store, file)).get(agent.threshold)
    expect(found).toMatchObject({ value: 0.5, passedOver: { file, isReplaceable: true } })
  })

  it.each([
    ['x => x +', false],
    ['no function at all', false],
    ['(other) => other', false],
    ['(text) => text.trim()', true],
  ])('of code is one that breaks it: %s', async (source, fits) => {
    const name = `shout-${randomUUID().slice(0, 8)}`
    const shout = bundle(name, (text: string) => `${text}!`, { trainable: true })
    shout('hello')
    await agent.flush()
    await write({ [`${name}.code`]: { value: source } })
    const found = (await currentParameters(agent.store, file)).get(`${name}.code`)
    expect(found).toBeDefined()
    expect(found?.passedOver === undefined).toBe(fits)
  })

  it('among variants is told before a model is asked: which one gives way is not known', async () => {
    const variants = [{ value: 'Hello', weight: 9 }, { value: 5 }]
    await write({ [agent.greeting]: { variants } })
    const { result, calls } = await step()
    expect(result).toMatchObject({ code: 'T2_PARAMETERS_ENTRY' })
    expect(calls).toBe(0)
    expect(agentSays()).toContain('Hello')
  })

  it('of the right type is in force', async () => {
    await write({ [agent.greeting]: { value: 'Hi' }, [agent.threshold]: { value: 0.9 } })
    const current = await currentParameters(agent.store, file)
    for (const name of [agent.greeting, agent.threshold]) {
      expect(current.get(name)).not.toHaveProperty('passedOver')
      expect(current.get(name)?.base?.source).toBe('file')
    }
  })
})

it('variants with the same value are one, with the weights of both', async () => {
  const variants = [
    { value: 'Hi' },
    { value: 'Hello' },
    { value: 'Hi', weight: 2 },
    { value: 'Hey', weight: 4 },
  ]
  await write({ [agent.greeting]: { variants } })
  const options = [file, [`${agent.greeting}=2`]] as const
  const found = (await currentParameters(agent.store, ...options)).get(agent.greeting)
  expect(found?.base?.arms.map(({ value, share }) => [value, share])).toEqual([
    ['Hey', 0.5],
    ['Hi', 0.375],
    ['Hello', 0.125],
  ])
  expect(found?.value).toBe('Hi')
  const version = found?.version.slice(0, 6) ?? ''
  const chosen = await currentParameters(agent.store, file, [version])
  expect(chosen.get(agent.greeting)?.value).toBe('Hi')
})
