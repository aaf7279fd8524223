import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulatedModel } from '@trace2/simulated-model'
import { expect, test } from 'vitest'
import { runDemo } from './demo.ts'

test('a model that the endpoint does not have ends the demo with what to do about it', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'trace2-demo-'))
  const endpoint = await startSimulatedModel()
  try {
    const environment = {
      OPENAI_API_KEY: 'secret',
      OPENAI_BASE_URL: endpoint.url,
      TRACE2_MODEL: 'no-such-model',
    }
    const demo = runDemo({ directory: parent, print: () => {}, environment })
    await expect(demo).rejects.toMatchObject({
      code: 'T2_DEMO_MODEL',
      message: expect.stringContaining("'no-such-model' does not exist"),
      remedy: expect.stringContaining('OPENAI_API_KEY'),
    })
  } finally {
    await endpoint.close()
    await rm(parent, { recursive: true, force: true })
  }
}, 120_000)
