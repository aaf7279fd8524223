import { setTimeout as pause } from 'node:timers/promises'
import { bundle, parameter, run, t } from '@trace2/instrumentation'

export const agentMs = 100

const prompt = parameter('bench.prompt', 'Answer kindly.')
const read = bundle('read', (text: string) => ({ text, words: text.split(' ') }))
const answer = bundle('answer', async (asked: string) => {
  await pause(agentMs)
  return { asked, done: true }
})

/** An agent that waits for a model, with a few steps around it. */
export const agent = run('bench-agent', async (text: string) => {
  const { words } = read(text)
  return answer(t`${prompt} ${words.join(' ')}`)
})
