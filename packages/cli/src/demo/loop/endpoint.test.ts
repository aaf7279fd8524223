import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, test } from 'vitest'
import { heldOutTickets } from '../tickets/held-out.ts'
import { trainTickets } from '../tickets/train.ts'
import { runDemo } from './demo.ts'
import { splitTickets } from './proof.ts'

test('with a key in the environment, the demo uses the endpoint and the model it names, beside earlier demos', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const earlier = join(parent, '1', 'trace2.parameters.json')
  await mkdir(join(parent, '1'))
  await writeFile(earlier, 'kept')
  const endpoint = await startSimulatedModel({ seed: 5 })
  let printed = ''
  try {
    const { simulated, directory, evaluations, verdicts } = await runDemo({
      directory: parent,
      rounds: 1,
      print: (text) => {
        printed += `${text}\n`
      },
      environment: {
        OPENAI_API_KEY: 'secret',
        OPENAI_BASE_URL: endpoint.url,
        TRACE2_MODEL: CHAT_MODEL,
      },
    })
    expect(simulated).toBe(false)
    expect(directory).toBe(join(parent, '2'))
    expect(await readFile(earlier, 'utf8')).toBe('kept')
    // Two calls per run, one of the optimizer, and those of trials that no stored run answered.
    const { train } = splitTickets(trainTickets, heldOutTickets)
    const runs = trainTickets.length + train.length + 2 * heldOutTickets.length
    const asked = [...evaluations, ...verdicts].map(
      ({ executed }) => (executed.classify ?? 0) + (executed.draft ?? 0),
    )
    expect(asked.length).toBe(2)
    expect(endpoint.requests()).toBe(2 * runs + 1 + asked.reduce((sum, calls) => sum + calls, 0))
    expect(printed).toContain(`Model: ${CHAT_MODEL} at ${endpoint.url}`)
    expect(printed).not.toContain('(simulated model)')
    expect(printed).not.toContain('secret')
  } finally {
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
}, 120_000)

test('a demo of few tickets asks for no others', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const endpoint = await startSimulatedModel({ seed: 5 })
  const environment = {
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: endpoint.url,
    TRACE2_MODEL: CHAT_MODEL,
  }
  let printed = ''
  const print = (text: string) => {
    printed += `${text}\n`
  }
  try {
    await runDemo({ directory: parent, rounds: 1, tickets: 3, print, environment })
    // Two calls for each of three tickets of both kinds before, for all but the one kept back after, for both sides of the
    // four that try and decide, and one of the optimizer.
    expect(endpoint.requests()).toBe(2 * (3 + 3) + 2 * (2 + 3) + 2 * 2 * (1 + 3) + 1)
    expect(printed).toContain('Before: 2 training tickets, 1 to try on, 3 held-out tickets')
    expect(printed).toContain('2 training runs')
  } finally {
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
}, 120_000)
