import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, onTestFinished, test } from 'vitest'
import { command, startCommand, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest, runAgent } from '../testing/sample-agent.ts'

/** Bodies of tickets: the first gets bad feedback from the sample agent, the other none. */
const judged = 'a refund'
const silent = 'a password'

/** A folder with the runs of some tickets, and what one would do there. */
async function workplace(...bodies: readonly string[]) {
  const cwd = temporaryDirectory()
  const model = await startSimulatedModel()
  onTestFinished(() => model.close())
  const endpoint = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, TRACE2_MODEL: CHAT_MODEL }
  const trace2 = (...args: readonly string[]) => command(args, { cwd, env: endpoint })
  let files = 0
  const run = async (...tickets: readonly string[]) => {
    const file = `runs-${files++}.jsonl`
    writeFileSync(join(cwd, file), (await recordedRequest(tickets, 'json')).body)
    expect((await trace2('import', file)).code).toBe(0)
  }
  const status = async () => JSON.parse((await trace2('status', '--json')).out)
  if (bodies.length > 0) await run(...bodies)
  return { cwd, trace2, run, status }
}

/** A program of its own that answers every request in the same way; its address. */
async function answering(code: number, text = '{}'): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(code, { 'content-type': 'application/json' }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

test('from nothing to a value that was taken back, the next step fits what was done last', {
  timeout: 240_000,
}, async () => {
  const { trace2, run, status } = await workplace()
  expect((await status()).next).toEqual(['trace2 collect', 'trace2 demo'])

  await run(silent)
  expect((await status()).hint).toContain('No run has feedback yet')

  await trace2(
    ...['feedback', 'last', '--node', 'classify', '--score', '0'],
    ...['--comment', 'The answer must end with "Yours".'],
  )
  expect(await status()).toMatchObject({ hint: '', next: ['trace2 optimize'], problems: [] })

  await trace2('optimize', '--parameter', 'triage.system')
  const { next, content } = await status()
  const [id] = content.proposals.open
  expect(next).toEqual([`trace2 show ${id}`, `trace2 evaluate ${id}`, `trace2 verdict ${id}`])

  await trace2('reject', id)
  const decided = await status()
  expect(decided.hint).toContain('seen all feedback')
  expect(decided.next.at(-1)).toBe('trace2 optimize --again')

  await trace2('feedback', 'last', '--node', 'classify', '--score', '0', '--comment', 'Too long.')
  expect((await status()).next).toEqual(['trace2 optimize'])

  await trace2('optimize', '--parameter', 'triage.system', '--again')
  await trace2('accept', '--all', '--marked')
  const accepted = await status()
  expect(accepted.hint).toMatch(/^triage\.system is now @[0-9a-f]{8}\. No run has used it since/)
  expect(accepted.next).toEqual(['trace2 collect', 'trace2 runs', 'trace2 rollback triage.system'])

  await trace2('rollback', 'triage.system')
  const back = await status()
  expect(back.hint).toMatch(/^triage\.system was rolled back to the value in the code\. No run/)
  expect(back.next).toContain('trace2 optimize --again')
  expect(back.next).not.toContain('trace2 optimize')

  await run(silent, silent)
  const used = await status()
  expect(used.hint).toContain('2 runs have used it since, none with feedback yet.')
  await run(judged)
  const known = await status()
  expect(known.hint).toContain('3 runs have used it since, 1 with feedback.')
  expect(known.next).toEqual(['trace2 compare triage.system', 'trace2 optimize'])
})

test.each([
  ['a key that is not taken', 401, 'Invalid API key.', 'T2_MODEL_KEY', 'OPENAI_API_KEY'],
  ['a model that is not there', 404, 'The model does not exist.', 'T2_MODEL_UNKNOWN', '--model'],
])(
  'a step that failed for %s says so with its remedy, until one succeeds',
  {
    timeout: 60_000,
  },
  async (_what, code, message, error, remedy) => {
    const { cwd, trace2, status } = await workplace(judged)
    const words = JSON.stringify({ error: { message } })
    const env = {
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: await answering(code, words),
      TRACE2_MODEL: 'some-model',
    }
    const failed = await command(['optimize'], { cwd, env })
    expect(failed.err).toContain(`error ${error}`)
    const { problems, next } = await status()
    expect(problems).toMatchObject([
      {
        severity: 'error',
        message: expect.stringContaining(`The last step failed with ${error} (some-model): `),
        remedy: expect.stringContaining(remedy),
      },
    ])
    expect(next).toEqual(['trace2 optimize'])
    await trace2('optimize')
    expect((await status()).problems).toEqual([])
  },
)

/** Starts a collector and waits until it says where it listens. */
async function collecting(cwd: string, ...args: readonly string[]) {
  const { child, finished } = startCommand(['collect', '--port', '0', ...args], { cwd })
  let out = ''
  while (!out.includes('Ctrl-C')) out += String((await once(child.stdout ?? child, 'data'))[0])
  const [, url = ''] = /Listening on (\S+)/.exec(out) ?? []
  return { child, finished, url }
}

test('a forward target that takes nothing is named, with what waits for it', async () => {
  const { cwd, status } = await workplace()
  const target = await answering(503)
  const { child, finished, url } = await collecting(cwd, '--forward', target)
  expect((await status()).problems).toEqual([])
  await runAgent([judged], new OTLPTraceExporter({ url: `${url}/v1/traces` }))
  const problems = async () => (await status()).problems
  await expect
    .poll(problems, { timeout: 30_000, interval: 500 })
    .toMatchObject([
      { message: expect.stringContaining(`The forward target ${target}`), severity: 'warning' },
    ])
  child.kill('SIGTERM')
  await finished
})

test('a collector that was killed is missed, and starting it again is the first thing to do', async () => {
  const { cwd, status } = await workplace(judged)
  const { child, finished } = await collecting(cwd)
  child.kill('SIGKILL')
  await finished
  const { problems, next, collectors } = await status()
  expect(collectors).toEqual([])
  expect(problems).toMatchObject([
    { message: expect.stringContaining('is gone'), remedy: expect.stringContaining('collect') },
  ])
  expect(next).toEqual(['trace2 collect', 'trace2 optimize'])
})

test('where no collector answers at an address, it is the collector that is wanted', async () => {
  const { out } = await command(['status', '--json', '--db', 'http://127.0.0.1:9'])
  expect(JSON.parse(out)).toMatchObject({
    content: null,
    problems: [{ severity: 'error', remedy: expect.stringContaining('`trace2 collect`') }],
    next: ['trace2 collect'],
  })
})

test('where no model is named, that is said before a step asks for one', async () => {
  const { cwd } = await workplace(judged)
  const env = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', TRACE2_MODEL: '' }
  const { out } = await command(['status', '--json'], { cwd, env })
  const { hint, next } = JSON.parse(out)
  expect(next).toEqual(['trace2 optimize'])
  expect(hint).toContain('TRACE2_MODEL')
})
