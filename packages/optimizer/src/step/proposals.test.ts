import { expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import type { Strategy, Suggestion } from '../optimizers/index.ts'
import { testAgent } from '../testing/agent.ts'
import { optimize } from './optimize.ts'

it('several suggestions that come to the same are one proposal; what is nearly the same says so', async () => {
  const agent = await testAgent()
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  await agent.flush()
  const suggestion = (values: object): Suggestion => ({
    values: new Map(Object.entries(values)),
    reasoning: '',
    calls: [],
    omitted: { leftOut: {}, shortened: {} },
  })
  const strategy: Strategy = {
    name: 'several',
    propose: async () => [
      suggestion({ [agent.greeting]: 'Dear customer' }),
      suggestion({ [agent.greeting]: 'Dear customer', [agent.threshold]: 0.7 }),
      suggestion({ [agent.greeting]: 'dear customer!', [agent.threshold]: 0.7 }),
      suggestion({ [agent.greeting]: 'Good day' }),
    ],
  }
  await using server = await chatServer(() => '')
  const { proposals } = await optimize(agent.store, { model: 'm', client: server.client, strategy })
  const [first, threshold, alike, other] = proposals
  expect(proposals.map(({ parameter, value }) => [parameter, value])).toEqual([
    [agent.greeting, 'Dear customer'],
    [agent.threshold, 0.7],
    [agent.greeting, 'dear customer!'],
    [agent.greeting, 'Good day'],
  ])
  expect(alike?.note).toBe(`Nearly the same as ${first?.id} (open).`)
  expect([first, threshold, other].map((each) => each?.note)).toEqual(['', '', ''])
  expect(await agent.store.proposals()).toHaveLength(4)
  await agent.store.close()
})
