import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { runChild } from '../testing/child.ts'
import { startReceiver } from '../testing/receiver.ts'

let directory: string
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-start-'))
})
afterAll(() => rm(directory, { recursive: true }))
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

async function runProgram(body: string, env: Record<string, string> = {}, stop?: NodeJS.Signals) {
  const { stdout, stderr, ...ended } = await runChild(directory, body, {
    env,
    ...(stop ? { stop } : {}),
  })
  return { output: stdout + stderr, ...ended }
}

test('a program that runs to its end sends everything, under its service name', async () => {
  const { output, code } = await runProgram(`
    start({ serviceName: 'short-agent', endpoint: ${JSON.stringify(receiver.url)} })
    bundle('work', (n) => n + 1)(1)`)
  expect({ output, code }).toEqual({ output: '', code: 0 })
  expect(receiver.spans().map((span) => span.name)).toEqual(['work'])
  expect(JSON.stringify(receiver.resources())).toContain('"short-agent"')
})

test('what `start` gives is shut down by its disposal', async () => {
  const { output } = await runProgram(`
    const started = start({ endpoint: ${JSON.stringify(receiver.url)} })
    bundle('work', (n) => n + 1)(1)
    await started[Symbol.asyncDispose]()
    bundle('late', (n) => n + 1)(1)
    console.log(start() === started)`)
  expect(output.trim()).toBe('false')
  expect(receiver.spans().map((span) => span.name)).toEqual(['work'])
})

test('the environment says where to, where no option does', async () => {
  await runProgram(`start(); bundle('work', (n) => n + 1)(1)`, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_SERVICE_NAME: 'from-environment',
    OTEL_RESOURCE_ATTRIBUTES: 'team=support',
  })
  expect(receiver.spans()).toHaveLength(1)
  expect(JSON.stringify(receiver.resources())).toMatch(/"from-environment"/)
  expect(JSON.stringify(receiver.resources())).toMatch(/"team"/)
})

const wide = `start()
  const parameters = Array.from({ length: 60 }, (_, n) => parameter('agent.p' + n, n))
  const make = bundle('make', (n) => ({ n }))
  const gather = bundle('gather', (given, parts) => given.reduce((sum, { value }) => sum + value, parts.length))
  run('agent', () => gather(parameters, Array.from({ length: 200 }, (_, n) => make(n))))()`

test('a call of many parameters and sources loses none of them', async () => {
  await runProgram(wide, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const gather = receiver.spans().find(({ name }) => name === 'gather')
  const keys = gather?.attributes.map(({ key }) => key)
  for (let n = 0; n < 60; n++) expect(keys).toContain(`trace2.param.value.agent.p${n}`)
  expect(keys).toContain('output.value')
  expect(gather?.links).toHaveLength(200)
})

test('the limits of the environment hold before those', async () => {
  await runProgram(wide, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '20',
    OTEL_SPAN_LINK_COUNT_LIMIT: '10',
  })
  const gather = receiver.spans().find(({ name }) => name === 'gather')
  expect(gather?.attributes).toHaveLength(20)
  expect(gather?.links).toHaveLength(10)
})

test('a signal flushes and then ends the process as it would have', async () => {
  const { signal } = await runProgram(
    `start({ endpoint: ${JSON.stringify(receiver.url)} })
    bundle('work', (n) => n + 1)(1)
    setInterval(() => {}, 1000)
    console.log('ready')`,
    {},
    'SIGTERM',
  )
  expect(signal).toBe('SIGTERM')
  expect(receiver.spans()).toHaveLength(1)
})

test.each([
  ['after', (starts: string, listens: string) => starts + listens, 'on'],
  ['after, for one signal,', (starts: string, listens: string) => starts + listens, 'once'],
  ['before', (starts: string, listens: string) => listens + starts, 'on'],
  ['before, for one signal,', (starts: string, listens: string) => listens + starts, 'once'],
])("a program's own signal handler, set %s `start`, keeps the last word", async (_, order, on) => {
  const { code, output } = await runProgram(
    `${order(
      `start({ endpoint: ${JSON.stringify(receiver.url)} });`,
      `process.${on}('SIGTERM', () => setTimeout(() => { console.log('own end'); process.exit(7) }, 300));`,
    )}
    bundle('work', (n) => n + 1)(1)
    setInterval(() => {}, 1000)
    console.log('ready')`,
    {},
    'SIGTERM',
  )
  expect(code).toBe(7)
  expect(output).toContain('own end')
  expect(receiver.spans()).toHaveLength(1)
})

test('parameters come from the file, and a wrong one keeps the value in the code and is reported once', async () => {
  await writeFile(
    join(directory, 'trace2.parameters.json'),
    JSON.stringify({
      trace2: 1,
      parameters: {
        'agent.prompt': { value: 'from the file' },
        'agent.limit': { value: 'not a number' },
        'agent.share': { value: 2 },
      },
    }),
  )
  const { output } = await runProgram(
    `start({ endpoint: ${JSON.stringify(receiver.url)} })
    diag.setLogger(new DiagConsoleLogger())
    const prompt = parameter('agent.prompt', 'from the code')
    const limit = parameter('agent.limit', 5)
    const share = parameter('agent.share', 0.5, { schema: { type: 'number', maximum: 1 } })
    console.log(prompt.value, limit.value, limit.value, share.value)`,
  )
  expect(output).toContain('from the file 5 5 0.5')
  expect(output.match(/T2_PARAMETER_VALUE/g)).toHaveLength(2)
})

test('an unreadable parameters file is reported and leaves the values in the code', async () => {
  const file = join(directory, 'broken.json')
  await writeFile(file, '{"trace2": 1,')
  const { output } = await runProgram(
    `diag.setLogger(new DiagConsoleLogger())
    start({ endpoint: ${JSON.stringify(receiver.url)} })
    console.log(parameter('agent.prompt', 'from the code').value)`,
    { TRACE2_PARAMETERS: file },
  )
  expect(output).toContain('from the code')
  expect(output).toContain('T2_PARAMETERS_FILE')
})
