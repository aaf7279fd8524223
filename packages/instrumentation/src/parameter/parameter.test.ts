import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { type Json, parameterVersion } from '@trace2/core'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  bundle,
  parameter,
  parseParameters,
  pollParameters,
  run,
  type StandardSchema,
  setParameterValues,
  t,
} from '../index.ts'
import { loadParametersFile, watchParametersFile } from '../nodejs/parameters-file.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
const problems: string[] = []
beforeEach(() => {
  recorded.reset()
  problems.length = 0
  const ignore = () => undefined
  const error = (message: string) => problems.push(message)
  diag.setLogger(
    { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  )
})
afterEach(() => {
  setParameterValues(new Map())
  diag.disable()
})
afterAll(() => recorded.stop())

function given(parameters: Record<string, unknown>) {
  const values = parseParameters({ trace2: 1, parameters })
  if (!values) throw new Error('not a parameters document')
  return values
}

describe('a parameter', () => {
  test('has the value in the code, and the version of that value', () => {
    const prompt = parameter('p.code', 'Be kind.', { description: 'one sentence' })
    expect([prompt.value, prompt.version, `${prompt}`, JSON.stringify({ prompt })]).toEqual([
      'Be kind.',
      expect.stringMatching(/^[0-9a-f]{16}$/),
      'Be kind.',
      '{"prompt":"Be kind."}',
    ])
  })

  test('is one object per name; two that differ are refused, and so is an odd name', () => {
    expect(parameter('p.same', 1)).toBe(parameter('p.same', 1))
    expect(() => parameter('p.same', 2)).toThrow(
      expect.objectContaining({ code: 'T2_PARAMETER_DUPLICATE' }),
    )
    expect(() => parameter('p same', 2)).toThrow(
      expect.objectContaining({ code: 'T2_PARAMETER_NAME' }),
    )
  })

  test.each<[string, unknown, object | undefined, unknown, unknown]>([
    ['a text', 'x', undefined, 'y', 1],
    ['a number', 0.5, { type: 'number', maximum: 1 }, 0.7, 2],
    ['an integer', 3, { type: 'integer' }, 4, 4.5],
    ['a choice', 'small', { enum: ['small', 'large'] }, 'large', 'medium'],
    ['a switch', true, undefined, false, 'no'],
    ['a list', ['a'], { type: 'array', items: { type: 'string' }, maxItems: 2 }, ['b'], ['a', 1]],
    [
      'an object',
      { a: 1 },
      { type: 'object', required: ['a'], properties: { a: { type: 'number' } } },
      { a: 2 },
      {},
    ],
  ])('may be %s, and takes nothing else', (name, defaultValue, schema, good, bad) => {
    const typed = parameter(
      `p.typed.${name.split(' ')[1]}`,
      defaultValue,
      schema ? { schema: JSON.parse(JSON.stringify(schema)) } : {},
    )
    typed.update(good)
    expect(typed.value).toEqual(good)
    expect(() => typed.update(bad)).toThrow(expect.objectContaining({ code: 'T2_PARAMETER_VALUE' }))
    expect(typed.value).toEqual(good)
  })

  test('may have a schema of any library that speaks Standard Schema', () => {
    const schema: StandardSchema & { '~standard': { jsonSchema: unknown } } = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'string' && value.length < 6
            ? { value }
            : { issues: [{ message: 'too long' }] },
        jsonSchema: { input: () => ({ type: 'string', maxLength: 5 }) },
      },
    }
    const short = parameter('p.standard', 'abc', { schema })
    expect(short.schema).toEqual({ type: 'string', maxLength: 5 })
    expect(() => short.update('too long a text')).toThrow('too long')
    short.update('short')
    expect(short.value).toBe('short')
  })

  test('whose schema refuses the value in the code is a mistake that is thrown', () => {
    const schema = { type: 'number', maximum: 1 } as const
    expect(() => parameter('p.outside-schema', 100, { schema })).toThrow(
      expect.objectContaining({ code: 'T2_PARAMETER_VALUE' }),
    )
    expect(parameter('p.outside-schema', 0.7, { schema }).value).toBe(0.7)
    const library: StandardSchema<string> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => (value === 'fine' ? { value } : { issues: [{ message: 'not fine' }] }),
      },
    }
    expect(() => parameter('p.outside-library', 'other', { schema: library })).toThrow(
      expect.objectContaining({
        code: 'T2_PARAMETER_VALUE',
        message: expect.stringContaining('not fine'),
      }),
    )
    expect(parameter('p.outside-library', 'fine', { schema: library }).value).toBe('fine')
  })

  test.each<[string, unknown]>([
    ['has a pattern that is none', { type: 'string', pattern: '(' }],
    ['points nowhere', { $ref: '#/$defs/none' }],
  ])('whose schema %s can be declared and read, but not changed', (name, schema) => {
    const odd = parameter(`p.odd.${name.length}`, 'in the code', { schema: schema as Json })
    expect(odd.value).toBe('in the code')
    expect(() => odd.update('other')).toThrow(
      expect.objectContaining({ code: 'T2_PARAMETER_VALUE' }),
    )
  })

  test('whose schema library throws or answers later can be declared', () => {
    const validates: ((value: unknown) => unknown)[] = [
      () => {
        throw new Error('quirk')
      },
      () => Promise.resolve({ value: 'later' }),
    ]
    validates.forEach((validate, index) => {
      const schema: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate } }
      const odd = parameter(`p.quirk.${index}`, 'in the code', { schema })
      expect(odd.value).toBe('in the code')
      expect(() => odd.update('other')).toThrow(
        expect.objectContaining({ code: 'T2_PARAMETER_VALUE' }),
      )
    })
  })

  test('takes only a schema for values of its type', () => {
    const schemaOf = <T>(output: T): StandardSchema<T> => ({
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: output }) },
    })
    parameter('p.type.right', 'text', { schema: schemaOf('text') })
    // @ts-expect-error A schema of numbers does not describe a text.
    parameter('p.type.wrong', 'text', { schema: schemaOf(1) })
  })

  test('passes a proposed value through its projections', () => {
    const share = parameter('p.projected', 0.5, {
      projections: [(value) => Math.round(value * 10) / 10, (value) => Math.min(1, value)],
    })
    share.update(7.77)
    expect(share.value).toBe(1)
  })
})

describe('values from outside', () => {
  test('take the place of those in the code, from the next run on', async () => {
    const prompt = parameter('p.outside', 'from the code')
    const agent = run('p-run', async () => {
      const before = prompt.value
      setParameterValues(given({ 'p.outside': { value: 'from outside' } }))
      await Promise.resolve()
      return [before, prompt.value, await bundle('p-inner', async () => prompt.value)()]
    })
    expect(await agent()).toEqual(['from the code', 'from the code', 'from the code'])
    expect(await agent()).toEqual(['from outside', 'from outside', 'from outside'])
  })

  test('that are bad leave the last good ones in use, and are reported once', () => {
    const limit = parameter('p.good', 1)
    setParameterValues(given({ 'p.good': { value: 2 } }))
    for (let time = 0; time < 3; time++) setParameterValues(given({ 'p.good': { value: 'three' } }))
    expect(limit.value).toBe(2)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('T2_PARAMETER_VALUE')
  })

  test('may be several to choose from: a run keeps its choice, and shows how likely it was', () => {
    const tone = parameter('p.tone', 'plain')
    setParameterValues(
      given({
        'p.tone': {
          variants: [
            { value: 'warm', weight: 3 },
            { value: 'cool', weight: 1 },
          ],
        },
      }),
    )
    const speak = bundle('p-speak', (_tone: string) => tone.value)
    const seen = new Map<string, number>()
    for (let count = 0; count < 400; count++) {
      recorded.reset()
      const said = run('p-run', () => [speak(tone), run('p-nested', () => tone.value)()])()
      expect(said[0]).toBe(said[1])
      seen.set(said[0] ?? '', (seen.get(said[0] ?? '') ?? 0) + 1)
      expect(spanOf(recorded.spans(), 'p-speak').attributes['trace2.param.propensity.p.tone']).toBe(
        said[0] === 'warm' ? 0.75 : 0.25,
      )
    }
    expect([...seen.keys()].sort()).toEqual(['cool', 'warm'])
    expect(seen.get('warm')).toBeGreaterThan(200)
    expect(tone.value).toBe('warm')
  })

  test('are recorded in the version that a call was given, also where no run is around it', () => {
    const tone = parameter('p.alone', 'in the code')
    const speak = bundle('p-alone', (said: string) => said)
    const recordedVersion = () =>
      recorded.spans().at(-1)?.attributes['trace2.param.version.p.alone']
    speak(tone)
    for (const value of ['warm', 'cool']) {
      setParameterValues(given({ 'p.alone': { value } }))
      expect(speak(tone)).toBe(value)
      expect(recordedVersion()).toBe(parameterVersion(value))
      speak(t`${tone} words`)
      expect(recordedVersion()).toBe(parameterVersion(value))
    }
    const variants = [{ value: 'warm' }, { value: 'cool' }]
    setParameterValues(given({ 'p.alone': { variants } }))
    const heard = Array.from({ length: 40 }, () => {
      const said = speak(tone)
      expect(recordedVersion()).toBe(parameterVersion(said))
      return said
    })
    expect(new Set(heard).size).toBe(2)
  })

  test.each([
    null,
    {},
    { trace2: 2, parameters: {} },
    { trace2: 1, parameters: { a: 1 } },
    { trace2: 1, parameters: { a: { variants: [] } } },
    { trace2: 1, parameters: { a: { variants: [{ value: 1, weight: -1 }] } } },
  ])('%j is no parameters document', (document) =>
    expect(parseParameters(document)).toBeUndefined(),
  )
})

describe('a parameters file', () => {
  test('is watched, also when it is replaced; a broken one changes nothing', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'trace2-parameters-'))
    const file = join(directory, 'trace2.parameters.json')
    const prompt = parameter('p.file', 'from the code')
    const replace = async (text: string) => {
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
    }
    const text = (value: string) =>
      JSON.stringify({ trace2: 1, parameters: { 'p.file': { value } } })
    const stop = watchParametersFile(file)
    expect(prompt.value).toBe('from the code')
    await replace(text('one'))
    await vi.waitFor(() => expect(prompt.value).toBe('one'), 60_000)
    await replace('{"trace2": 1, "parameters"')
    await vi.waitFor(() => expect(problems.join()).toContain('T2_PARAMETERS_FILE'), 60_000)
    expect(prompt.value).toBe('one')
    await replace(text('three'))
    await vi.waitFor(() => expect(prompt.value).toBe('three'), 60_000)
    stop()
    await rm(directory, { recursive: true })
  })

  test('that is a directory is reported', () => {
    loadParametersFile(tmpdir())
    expect(problems.join()).toContain('T2_PARAMETERS_FILE')
  })
})

describe('an HTTP source', () => {
  let server: Server
  let answer: { status: number; body: string; etag?: string }
  let requests: (string | undefined)[]
  beforeEach(async () => {
    requests = []
    server = createServer((request, response) => {
      requests.push(request.headers['if-none-match'])
      if (answer.etag && request.headers['if-none-match'] === answer.etag) {
        response.writeHead(304).end()
        return
      }
      response.writeHead(answer.status, answer.etag ? { etag: answer.etag } : {}).end(answer.body)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const body = (value: string) => JSON.stringify({ trace2: 1, parameters: { 'p.http': { value } } })
  const prompt = parameter('p.http', 'from the code')

  test('is asked again and again, and answers once per change', async () => {
    answer = { status: 200, body: body('one'), etag: '"1"' }
    const stop = await pollParameters({ url: url(), intervalMs: 20 })
    expect(prompt.value).toBe('one')
    await vi.waitFor(() => expect(requests).toContain('"1"'), 60_000)
    answer = { status: 200, body: body('two'), etag: '"2"' }
    await vi.waitFor(() => expect(prompt.value).toBe('two'), 60_000)
    stop()
    expect(recorded.spans()).toEqual([])
  })

  test('that fails leaves the last good values in use, and is reported once', async () => {
    answer = { status: 200, body: body('good') }
    const stop = await pollParameters({ url: url(), intervalMs: 10 })
    answer = { status: 500, body: 'broken' }
    await vi.waitFor(() => expect(problems).toHaveLength(1), 60_000)
    const before = requests.length
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(before + 3), 60_000)
    stop()
    // A busy machine can make one of the requests fail in another way, which is another report.
    expect(new Set(problems).size).toBe(problems.length)
    expect(problems[0]).toContain('T2_PARAMETERS_SOURCE')
    expect(prompt.value).toBe('good')
  })
})
