import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { optimize } from '../step/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { accept } from './decide.ts'

let agent: TestAgent
beforeEach(async () => {
  agent = await testAgent()
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  agent.answer('It works now.', { score: 1 })
  await agent.flush()
})
afterEach(() => agent.store.close())

const model = 'simulated-small'
const suggest = (suggestion: object) => JSON.stringify({ reasoning: 'Because.', suggestion })

let file: string
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'trace2.parameters.json')
})

async function propose(value: string): Promise<readonly string[]> {
  await using server = await chatServer(() => suggest({ [agent.greeting]: value }))
  const { proposals } = await optimize(agent.store, { model, client: server.client })
  return proposals.map(({ id }) => id)
}

const inForce = async () => JSON.parse(await readFile(file, 'utf8')).parameters[agent.greeting]

describe('a proposal', () => {
  it('that is unusual is marked, and accepted only by someone who says that it is known', async () => {
    const ids = await propose(`Hello ${'and good day '.repeat(20)}`)
    const marks = [{ kind: 'grows', detail: expect.stringContaining('from 5 to') }]
    expect(await agent.store.proposals()).toMatchObject([{ marks }])
    const { rows } = await agent.store.sql("SELECT marks ->> '$[0].kind' FROM v_proposal")
    expect(rows).toEqual([['grows']])
    await expect(accept(agent.store, ids, { file })).rejects.toMatchObject({
      code: 'T2_PROPOSAL_MARKED',
      message: expect.stringContaining('It grows from 5 to'),
    })
    expect(await agent.store.deployments()).toEqual([])
    await accept(agent.store, ids, { file, marked: true })
    expect(await inForce()).toMatchObject({ value: expect.stringContaining('good day') })
  })

  it.each([true, false])(
    'of an earlier version that is an empty text is refused, marked %s',
    async (marked) => {
      const [id = ''] = await propose('One')
      const proposal = await agent.store.proposal(id)
      const { marks: _marks, ...before } = proposal
      await agent.store.addProposals([{ ...before, id: 'p-empty', value: '  ' }])
      await expect(accept(agent.store, ['p-empty'], { file, marked })).rejects.toMatchObject({
        code: 'T2_VALUE_EMPTY',
      })
    },
  )

  it('of an earlier version is looked at when it is accepted', async () => {
    const [id = ''] = await propose('One')
    const { marks: _marks, ...before } = await agent.store.proposal(id)
    const value = 'One of many. '.repeat(20)
    await agent.store.addProposals([{ ...before, id: 'p-old', value }])
    await expect(accept(agent.store, ['p-old'], { file })).rejects.toMatchObject({
      code: 'T2_PROPOSAL_MARKED',
    })
  })
})
