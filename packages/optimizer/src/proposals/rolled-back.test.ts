import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { optimize } from '../step/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { accept, reject, rollback } from './decide.ts'
import { rolledBack } from './rolled-back.ts'

let agent: TestAgent
let directory: string
let file: string
beforeEach(async () => {
  agent = await testAgent()
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
  file = join(directory, 'p.json')
})
afterEach(async () => {
  await agent.store.close()
  await rm(directory, { recursive: true })
})

async function proposed(value: string): Promise<string> {
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  await agent.flush()
  const answer = JSON.stringify({ reasoning: '', suggestion: { [agent.greeting]: value } })
  await using server = await chatServer(() => answer)
  const { proposals } = await optimize(agent.store, {
    model: 'simulated-small',
    client: server.client,
    file,
  })
  return proposals[0]?.id ?? ''
}

const valueInFile = async () =>
  JSON.parse(await readFile(file, 'utf8')).parameters[agent.greeting]?.value

it('a proposal that was rolled back can be accepted again, as often as it was rolled back', async () => {
  const id = await proposed('Dear customer')
  for (let time = 0; time < 3; time++) {
    await accept(agent.store, [id], { file })
    expect(await rolledBack(agent.store)).toEqual(new Set())
    expect(await valueInFile()).toBe('Dear customer')
    await expect(accept(agent.store, [id], { file })).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CLOSED',
    })
    await rollback(agent.store, agent.greeting, { file })
    expect(await rolledBack(agent.store)).toEqual(new Set([id]))
    expect(await valueInFile()).toBeUndefined()
  }
})

it('of two that were accepted after one another, only what was rolled back is so', async () => {
  const first = await proposed('Dear customer')
  await accept(agent.store, [first], { file })
  const second = await proposed('Dear friend')
  await accept(agent.store, [second], { file })
  await rollback(agent.store, agent.greeting, { file })
  expect(await rolledBack(agent.store)).toEqual(new Set([second]))
  await accept(agent.store, [second], { file })
  expect(await valueInFile()).toBe('Dear friend')
})

it('a rejected proposal stays closed', async () => {
  const id = await proposed('Dear customer')
  await reject(agent.store, id)
  await expect(accept(agent.store, [id], { file })).rejects.toMatchObject({
    code: 'T2_PROPOSAL_CLOSED',
  })
})

it('the latest deployment of each proposal decides, whatever came before', async () => {
  const about = { id: '', version: null, previousVersion: null, target: '', createdAt: '' }
  const deployment = fc.record({
    proposal: fc.constantFrom('a', 'b', null),
    action: fc.constantFrom('accept', 'rollback'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(deployment), async (made) => {
      const deployments = async () => made.map((one) => ({ ...about, parameter: 'p', ...one }))
      const found = await rolledBack({ deployments })
      for (const id of ['a', 'b']) {
        const last = made.findLast(({ proposal }) => proposal === id)
        expect(found.has(id)).toBe(last?.action === 'rollback')
      }
    }),
  )
})

it('a file is the same however it is named; a rollback in another one says where the change is', async () => {
  const id = await proposed('Dear customer')
  const [deployment] = await accept(agent.store, [id], { file: relative('', file) })
  expect(deployment?.target).toBe(file)
  const elsewhere = rollback(agent.store, agent.greeting, { file: join(directory, 'other.json') })
  await expect(elsewhere).rejects.toMatchObject({
    code: 'T2_NOTHING_TO_ROLL_BACK',
    message: expect.stringContaining(`One is in ${file}.`),
  })
  await rollback(agent.store, agent.greeting, { file })
  expect(await valueInFile()).toBeUndefined()
})
