import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryCollector } from './testing/collector.ts'
import { startGate } from './testing/gate.ts'
import { post } from './testing/post.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Bundles the service as for a container image: its own modules in one file, packages beside it. */
async function bundled(): Promise<string> {
  const outfile = path('../dist/bundled/main.js')
  const options = { platform: 'node', format: 'esm', packages: 'external' } as const
  await build({ entryPoints: [path('main.ts')], bundle: true, outfile, ...options })
  return outfile
}

test.each([
  ['as compiled', async () => path('../dist/main.js')],
  ['as bundled', bundled],
])(
  '%s, told to stop, the service answers what is under way, sends it, and ends by itself',
  async (_, program) => {
    const collector = await temporaryCollector()
    const model = await startSimulatedModel()
    const gate = await startGate(model.url)
    onTestFinished(async () => {
      await gate.close()
      await model.close()
    })
    const child = spawn(process.execPath, [await program()], {
      env: {
        ...process.env,
        PORT: '0',
        OPENAI_API_KEY: 'none',
        OPENAI_BASE_URL: gate.url,
        TRACE2_MODEL: CHAT_MODEL,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    const port = Number(/\d+$/.exec(String(line))?.[0])

    const answer = post(port, '/tickets', { customer: 1, text: 'There is an error in my invoice.' })
    await gate.reached
    child.kill('SIGTERM')
    gate.open()
    const { run } = JSON.parse(await (await answer).text())
    expect(await ended).toEqual([0, null])

    const { nodes } = await collector.store.graph(run.traceId)
    expect(nodes.flatMap((node) => (node.kind === 'op' ? [node.op] : []))).toEqual(
      expect.arrayContaining([
        'look_up_customer',
        'classify',
        'draft',
        'store_reply',
        'ticket-service',
      ]),
    )
  },
)
