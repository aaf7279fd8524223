import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { longestDocument, readDocument } from '@trace2/core'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parameter, parseParameters, pollParameters, setParameterValues } from '../index.ts'
import { loadParametersFile } from '../nodejs/parameters-file.ts'

const problems: string[] = []
let directory: string
let server: Server
let answer: (response: ServerResponse) => void
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-document-'))
  server = createServer((_request, response) => answer(response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})
beforeEach(() => {
  problems.length = 0
  const ignore = () => undefined
  const error = (message: string) => problems.push(message)
  diag.setLogger(
    { error, warn: error, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
})
afterEach(() => {
  setParameterValues(new Map())
  diag.disable()
})

const text = parameter('odd.text', 'from the code')
const share = parameter('odd.share', 0.5, { schema: { type: 'number', maximum: 1 } })
const open = parameter<unknown>('odd.open', null)
const document = (entries: string) => `{"trace2":1,"parameters":{${entries}}}`
const good = document('"odd.text":{"value":"good"},"odd.share":{"value":0.25}')

/** Both sources read the same bytes. */
const sources: Record<string, (bytes: string | Uint8Array) => Promise<void>> = {
  'a file': async (bytes) => {
    const file = join(directory, 'parameters.json')
    await writeFile(file, bytes)
    loadParametersFile(file)
  },
  'an address': async (bytes) => {
    answer = (response) => response.end(bytes)
    const { port } = server.address() as AddressInfo
    const stop = await pollParameters({ url: `http://127.0.0.1:${port}/` })
    stop()
  },
}

describe.each(Object.keys(sources))('%s', (source) => {
  const load = (bytes: string | Uint8Array) => sources[source]?.(bytes) ?? Promise.resolve()

  test.each<[string, string | Uint8Array, RegExp]>([
    ['is empty', '', /T2_PARAMETERS_/],
    ['is no JSON', '<html></html>', /T2_PARAMETERS_/],
    ['is half a document', good.slice(0, -1), /T2_PARAMETERS_/],
    ['is bytes of nothing', new Uint8Array([0xc3, 0x28, 0xff, 0xfe]), /T2_PARAMETERS_/],
    ['is a list', '[]', /T2_PARAMETERS_/],
    ['has a key twice', document('"odd.text":{"value":"a"},"odd.text":{"value":"b"}'), /twice/],
    ['is a merge that was left', `${good}\n<<<<<<< HEAD\n`, /line 2 is the mark/],
    ['has no parameters', '{"trace2":1,"parameters":null}', /T2_PARAMETERS_/],
    ['is of another version', '{"trace2":2,"parameters":{}}', /T2_PARAMETERS_/],
    [
      'has a value of another type',
      document('"odd.text":{"value":5},"odd.share":{"value":0.25}'),
      /T2_PARAMETER_VALUE/,
    ],
    [
      'has a value out of its schema',
      document('"odd.text":{"value":"good"},"odd.share":{"value":7}'),
      /T2_PARAMETER_VALUE/,
    ],
    [
      'is nested without end',
      document(
        `"odd.text":{"value":${'['.repeat(50_000)}${']'.repeat(50_000)}},"odd.share":{"value":0.25}`,
      ),
      /T2_PARAMETER/,
    ],
  ])('that %s leaves the last good values in use', async (_what, bytes, code) => {
    await load(good)
    expect([text.value, share.value]).toEqual(['good', 0.25])
    expect(problems).toEqual([])
    await load(bytes)
    expect([text.value, share.value]).toEqual(['good', 0.25])
    for (const problem of problems) expect(problem).toMatch(code)
    expect(problems.length).toBeLessThanOrEqual(1)
  })

  test.each([
    '1',
    'null',
    '{}',
    '{"variants":[]}',
    '{"variants":[{"value":"x","weight":0}]}',
    '{"variants":[{"value":"x","weight":1e400}]}',
  ])('loses only the entry that is none: %s', async (entry) => {
    await load(good)
    for (let time = 0; time < 2; time++) {
      await load(document(`"odd.text":${entry},"odd.share":{"value":0.75},"__proto__":{"x":1}`))
      expect([text.value, share.value]).toEqual(['good', 0.75])
    }
    expect(problems.filter((problem) => !problem.includes('T2_PARAMETER_VALUE'))).toEqual([])
    expect(problems.length).toBeLessThanOrEqual(2)
  })

  test.each<[string, Uint8Array]>([
    ['a byte order mark', Buffer.from(`\uFEFF${good}`)],
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le')],
  ])('may have %s', async (_what, bytes) => {
    await load(bytes)
    expect({ value: text.value, problems }).toEqual({ value: 'good', problems: [] })
  })

  test('may name parameters as objects name their own members', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const entries = names.map((name) => `${JSON.stringify(name)}:{"value":"odd"}`)
    await load(document(entries.join()))
    for (const name of names) expect(parameter(name, 'from the code').value).toBe('odd')
    await load(document('"odd.text":{"value":"x","__proto__":{"polluted":1}}'))
    expect(text.value).toBe('x')
    expect('polluted' in {}).toBe(false)
    expect(problems).toEqual([])
  })

  test('may give a parameter of any type a value that cannot be kept, and is refused', async () => {
    await load(document(`"odd.open":{"value":${'['.repeat(9_000)}${']'.repeat(9_000)}}`))
    expect(() => open.value).not.toThrow()
    expect(() => open.version).not.toThrow()
  })
})

test('a document of more bytes than any prompt needs is not read', async () => {
  const file = join(directory, 'huge.json')
  await writeFile(file, good)
  await truncate(file, 100 * longestDocument)
  loadParametersFile(file)
  let sent = 0
  answer = (response) => {
    const chunk = Buffer.alloc(1024 * 1024, ' ')
    const more = () => {
      sent += chunk.byteLength
      if (sent > 100 * longestDocument) response.end()
      else if (response.write(chunk)) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  }
  const { port } = server.address() as AddressInfo
  const stop = await pollParameters({ url: `http://127.0.0.1:${port}/` })
  stop()
  expect(problems).toEqual([
    expect.stringMatching(/T2_PARAMETERS_FILE.*longer than/),
    expect.stringMatching(/T2_PARAMETERS_SOURCE.*longer than/),
  ])
  expect(sent).toBeLessThan(4 * longestDocument)
  expect(text.value).toBe('from the code')
})

test('a parameters document of any names and values is read as it was written', () => {
  const choice = fc.record({ value: fc.jsonValue() })
  fc.assert(
    fc.property(fc.dictionary(fc.string(), choice), (entries) => {
      const bytes = new TextEncoder().encode(JSON.stringify({ trace2: 1, parameters: entries }))
      const read = readDocument(bytes)
      expect([...read.values.keys()]).toEqual(Object.keys(JSON.parse(JSON.stringify(entries))))
      expect(read.values).toEqual(
        parseParameters(JSON.parse(JSON.stringify({ trace2: 1, parameters: entries }))),
      )
      expect(() => setParameterValues(read.values)).not.toThrow()
    }),
  )
})
