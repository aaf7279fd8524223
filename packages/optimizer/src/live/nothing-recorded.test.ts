import { bundle, parameter } from '@trace2/instrumentation'
import { expect, it } from 'vitest'
import { OptoPrime } from './index.ts'

it('asks for a call first, then for feedback on it', async () => {
  const word = parameter('nothing.word', 'a word')
  const say = bundle('nothing', (text: string) => `I say ${text}`)
  const optimizer = new OptoPrime([word], { model: 'simulated-small', dryRun: true })
  await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_NOTHING_RECORDED' })
  await expect(optimizer.propose()).rejects.toMatchObject({ code: 'T2_NOTHING_RECORDED' })
  const output = say(word)
  await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_NO_FEEDBACK' })
  optimizer.backward(output, 'Wrong.')
  expect((await optimizer.step()).preview).not.toBeNull()
})
