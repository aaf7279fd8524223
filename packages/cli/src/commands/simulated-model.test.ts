import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startCommand } from '../testing/command.ts'

test('the simulated model is served, says how to reach it, and ends in order', async () => {
  const { child, finished } = startCommand(['simulated-model', '--port', '0'])
  let out = ''
  while (!out.includes('TRACE2_MODEL=')) {
    const [chunk] = await once(child.stdout ?? child, 'data')
    out += String(chunk)
  }
  const said = (name: string) => new RegExp(`${name}=(\\S+)`).exec(out)?.[1] ?? ''
  const answer = await fetch(`${said('OPENAI_BASE_URL')}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${said('OPENAI_API_KEY')}`,
    },
    body: JSON.stringify({
      model: said('TRACE2_MODEL'),
      messages: [{ role: 'system', content: 'Answer with one of: yes. Otherwise, answer "yes".' }],
    }),
  })
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'yes' } }] })
  child.kill('SIGTERM')
  expect((await finished).code).toBe(0)
})
