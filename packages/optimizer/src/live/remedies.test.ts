import { Trace2Error } from '@trace2/core'
import { evaluationErrors } from '@trace2/evaluation'
import { bundle, parameter } from '@trace2/instrumentation'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { optimizerErrors } from '../errors.ts'
import { OptoPrime } from './index.ts'
import { inWordsOfOptions } from './remedies.ts'

const asked = Object.entries({ ...evaluationErrors, ...optimizerErrors }).filter(([code]) =>
  /^T2_(?:MODEL_(?!SETTING)|BUDGET|PROMPT|PRICE|OBJECTIVE|NO_)/.test(code),
)

describe('a remedy in the live loop', () => {
  it.each(asked)('for %s speaks of options and not of commands', (code, entry) => {
    const error = inWordsOfOptions(new Trace2Error(code, entry, 'It failed.'))
    expect(error).toMatchObject({ code, message: 'It failed.' })
    expect(error instanceof Trace2Error && error.remedy).not.toMatch(/--\w|trace2 [a-z]/)
  })

  it('is what a step gives', async () => {
    await using server = await chatServer(() => ({ raw: '', after: 'silent' }))
    const word = parameter('remedies.word', 'a')
    const say = bundle('say', (text: string) => `${text}!`)
    const options = { client: server.client, model: 'gpt-4o-mini', timeoutMs: 50 }
    const optimizer = new OptoPrime([word], options)
    optimizer.backward(say.node(word), 'Longer.')
    await expect(optimizer.step()).rejects.toMatchObject({
      code: 'T2_MODEL_TIMEOUT',
      remedy: expect.stringContaining('{ timeoutMs }'),
    })
  })
})
