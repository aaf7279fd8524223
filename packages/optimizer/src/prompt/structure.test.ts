import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { span, traceId } from '../../../store/src/testing/spans.ts'
import { optimize } from '../step/optimize.ts'

const messages = (role: string, content: string) => JSON.stringify([{ role, content }])

/** An agent that fills a template, which gives nothing that is recorded, and then asks a model. */
const run = [
  span({
    id: '1',
    name: 'helper',
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'helper',
      'gen_ai.output.messages': messages('assistant', 'It is in the depot of Hamburg.'),
    },
  }),
  span({
    ...{ id: '2', parent: '1', at: 1, name: 'format' },
    attributes: { 'openinference.span.kind': 'CHAIN' },
  }),
  span({
    ...{ id: '3', parent: '1', at: 2, name: 'chat' },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be brief.' }]),
      'gen_ai.input.messages': messages('user', 'Where is order A-1042?'),
      'gen_ai.output.messages': messages('assistant', 'It is in the depot of Hamburg.'),
    },
  }),
]

it('names no step in the code that has no line there', async () => {
  const store = await openStore(':memory:')
  await store.writeSpans(run)
  await store.addFeedback({
    ...{ traceId: traceId('a'), spanId: null, name: 'score', score: 0, label: null },
    ...{ comment: 'It must say which door.', source: 'human' },
  })
  const { preview } = await optimize(store, { dryRun: true, model: 'gpt-4o-mini' })
  await store.close()
  const text = preview?.messages.at(-1)?.content ?? ''
  const code = text.slice(text.indexOf('# Code'), text.indexOf('# Documentation'))
  expect(code).toMatch(/helper1 = helper\(.*\) containing chat1 /)
  expect(code).not.toContain('format')
})
