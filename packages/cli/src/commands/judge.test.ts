import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { evaluationErrors } from '@trace2/evaluation'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, onTestFinished, test } from 'vitest'
import { command, type Finished, startCommand, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

/** A database with a run of the sample agent for each ticket: those about a refund are answered, others fail. */
async function workplace(tickets: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const cwd = temporaryDirectory()
  const trace2 = (...args: string[]): Promise<Finished> => command(args, { cwd, env })
  const { traceIds, body } = await recordedRequest(tickets, 'protobuf')
  writeFileSync(join(cwd, 'runs.binpb'), body)
  await trace2('import', 'runs.binpb')
  const file = (name: string, content: unknown) =>
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content))
  return { cwd, env, trace2, traceIds, file }
}

test('a guide gives each run feedback, once', async () => {
  const { trace2, traceIds, file } = await workplace(['a refund', 'a router'])
  file('queue.json', { kind: 'contains', text: ['technical', 'billing'], name: 'queue' })
  const first = await trace2('judge', 'queue.json')
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toBe(
    [
      'queue: 2 judgements on 2 runs, mean 0.25, no model call',
      '★ queue: 2 pieces, mean 0.25',
      '   1× It failed: “Error: The account team has no queue.”.',
      '   1× It must contain “billing”.',
      '',
    ].join('\n'),
  )
  const again = await trace2('judge', 'queue.json')
  expect(again.out).toBe('queue: 0 judgements on 2 runs, 2 judged before, no model call\n')
  const feedback = JSON.parse((await trace2('feedback', traceIds[0] ?? '', '--json')).out)
  expect(feedback).toMatchObject([
    { name: 'accuracy' },
    { name: 'queue', score: 0.5, source: 'code' },
  ])
})

test('flags and a guide file combine, references come from a file, and a node can be judged', async () => {
  const { trace2, file } = await workplace(['a refund'])
  file('guide.json', { kind: 'exact', at: '/label' })
  file('references.json', [{ input: { prompt: 'none' }, reference: 'x' }])
  const args = ['judge', 'guide.json', '--target', 'classify']
  const without = await trace2(...args, '--references', 'references.json')
  expect(without.code).toBe(1)
  expect(without.err).toContain('error T2_NOTHING_JUDGED')
  expect(without.err).toContain('T2_REFERENCE_MISSING')
  const remedy = evaluationErrors.T2_REFERENCE_MISSING.remedy
  expect(without.err.replaceAll(/\s+/g, ' ')).toContain(remedy)

  const [run] = JSON.parse((await trace2('runs', '--json')).out)
  file('references.json', [{ run: run.id, reference: 'technical support' }])
  const { out } = await trace2(
    ...args,
    ...[
      '--references',
      'references.json',
      '--regex',
      '^\\{',
      '--name',
      'label',
      '--parts',
      '--json',
    ],
  )
  const { feedback, identifier } = JSON.parse(out)
  expect(identifier).toMatch(/^[0-9a-f]{16}$/)
  expect(feedback).toMatchObject([
    { name: 'label/exact', score: 1 },
    { name: 'label/regex', score: 1 },
    { name: 'label', score: 1, spanId: expect.any(String), identifier },
  ])
})

test('a rubric is judged by the model, and what it says is what optimize learns from', {
  timeout: 60_000,
}, async () => {
  const model = await startSimulatedModel()
  onTestFinished(() => model.close())
  const env = { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, TRACE2_MODEL: CHAT_MODEL }
  const { trace2, file } = await workplace(['a refund', 'another refund'], env)
  file('rubric.md', '- The queue must end with "Yours".\n- It must mention "technical support".')
  const judged = await trace2('judge', '--rubric', 'rubric.md', '--target', 'classify')
  expect(judged.out).toContain('★ rubric: 2 pieces, mean 0.5\n')
  expect(judged.out).toContain('2× Not kept: The queue must end with "Yours".')
  expect(judged.out).toMatch(/1 model call, .*\$0\n/)
  const step = await trace2('optimize', '--parameter', 'triage.system')
  expect(step.out).toContain('+ - End with "Yours".')
})

test('killed in the middle, it goes on where it was and asks for nothing twice', {
  timeout: 60_000,
}, async () => {
  const asked: string[] = []
  let answers = 3
  let stuck: () => void = () => {}
  const waits = new Promise<void>((resolve) => {
    stuck = resolve
  })
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push(Buffer.concat(chunks).toString())
    if (answers-- === 0) return stuck()
    const content = JSON.stringify({ reasoning: 'r', comment: 'Good.', score: 1 })
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        choices: [{ finish_reason: 'stop', message: { role: 'assistant', content } }],
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const env = { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_API_KEY: 'none' }
  const tickets = Array.from({ length: 6 }, (_, at) => `a refund of order ${at}`)
  const { cwd, trace2, file } = await workplace(tickets, env)
  file('rubric.md', 'It must be kind.')
  const args = ['judge', '--rubric', 'rubric.md', '--model', 'gpt-4o-mini', '--concurrency', '1']
  const { child, finished } = startCommand(args, { cwd, env })
  await waits
  child.kill('SIGKILL')
  await finished
  answers = Number.POSITIVE_INFINITY

  const { code, out } = await trace2(...args)
  expect(code).toBe(0)
  expect(out).toContain('rubric: 3 judgements on 6 runs, mean 1, 3 judged before')
  expect(out).toContain('★ rubric: 3 pieces, mean 1')
  // The fourth was under way when it was killed.
  expect(asked).toHaveLength(7)
  expect(new Set(asked).size).toBe(6)
})

test.each<[what: string, args: string[], code: number, words: string]>([
  ['no guide', [], 2, 'error T2_USAGE'],
  ['a file that is not there', ['none.json'], 1, 'error T2_FILE'],
  ['a file that is not JSON', ['text.md'], 1, 'error T2_FILE'],
  ['a guide that is none', ['bad.json'], 1, 'its kind must be one of'],
  ['a pattern that is none', ['--regex', '('], 1, 'error T2_GUIDE_INVALID'],
  ['references that are none', ['--exact', '--references', 'bad.json'], 1, 'T2_REFERENCES_INVALID'],
  ['a rubric and no model', ['--rubric', 'bad.json'], 1, 'error T2_MODEL_UNSET'],
])('is refused with %s', async (_what, args, code, words) => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'bad.json'), '{"kind": "magic"}')
  writeFileSync(join(cwd, 'text.md'), '{')
  const env = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', TRACE2_MODEL: '' }
  const finished = await command(['judge', ...args], { cwd, env })
  expect(finished.code).toBe(code)
  expect(finished.err).toContain(words)
})
