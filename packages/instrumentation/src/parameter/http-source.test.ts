import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { longestDocument } from '@trace2/core'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest'
import { type PollOptions, parameter, pollParameters, setParameterValues } from '../index.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const problems: string[] = []
const servers: Server[] = []
let answer: Answer
let url: string

async function serverWith(handler: Answer): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

beforeAll(async () => {
  url = await serverWith((request, response) => answer(request, response))
})
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
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

const tone = parameter('http.tone', 'code')

const documentOf = (value: unknown, issued?: unknown, parameters: object = {}) =>
  JSON.stringify({ trace2: 1, issued, parameters: { 'http.tone': { value }, ...parameters } })

const giving =
  (body: string | Uint8Array, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }

async function pollOnce(given: Answer, options: Partial<PollOptions> = {}): Promise<string> {
  answer = given
  const stop = await pollParameters({ url, ...options })
  stop()
  return tone.value
}

describe('a source', () => {
  const keeps = async (given: Answer, reason: RegExp, options: Partial<PollOptions> = {}) => {
    expect(await pollOnce(giving(documentOf('good')))).toBe('good')
    expect(await pollOnce(given, options)).toBe('good')
    expect(problems).toEqual([expect.stringMatching(reason)])
  }

  test('that unpacks to more than a document may have is read no further', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * longestDocument, ' '))
    expect(bomb.byteLength).toBeLessThan(longestDocument)
    await keeps(giving(bomb, { 'content-encoding': 'gzip' }), /longer than/)
  })

  test('of another type is told by its type', () =>
    keeps(giving('<html>', { 'content-type': 'text/html; charset=utf-8' }), /is text\/html/))

  test('that has no type, or that of a file, is read', async () => {
    for (const type of ['', 'text/plain', 'application/octet-stream']) {
      const given: Answer = (_request, response) => {
        if (type) response.setHeader('content-type', type)
        response.end(documentOf(`as ${type}`))
      }
      expect(await pollOnce(given)).toBe(`as ${type}`)
    }
    expect(problems).toEqual([])
  })

  test('with more parameters than any program has is refused', () => {
    const many = Array.from({ length: 200_000 }, (_, at) => [`q${at}`, { value: at }] as const)
    return keeps(giving(documentOf('x', undefined, Object.fromEntries(many))), /more than 10000/)
  })

  test('with very many faulty entries says so of a few', async () => {
    const many = Array.from(
      { length: 9_000 },
      (_, at) => [`faulty.${'x'.repeat(500)}${at}`, 5] as const,
    )
    expect(await pollOnce(giving(documentOf('x', undefined, Object.fromEntries(many))))).toBe('x')
    expect(problems.length).toBeLessThanOrEqual(20)
    for (const problem of problems) expect(problem.length).toBeLessThan(500)
  })

  test('that never ends its answer costs the time that it may take', () =>
    keeps(
      (_request, response) => {
        response.write('{')
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
      /timeout/,
      { timeoutMs: 300 },
    ))

  test('that takes a connection and says nothing costs no more', async () => {
    const silent = createTcpServer(() => {})
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    await keeps(() => {}, /timeout/, { url: `http://127.0.0.1:${port}/`, timeoutMs: 300 })
  })

  test.each([
    ['negative', [{ value: 'a', weight: -1 }]],
    ['no number', [{ value: 'a', weight: 'NaN' }]],
    [
      'without a sum',
      [
        { value: 'a', weight: 1e308 },
        { value: 'b', weight: 1e308 },
      ],
    ],
  ])('whose weights are %s loses the entry', async (_what, variants) => {
    await pollOnce(giving(documentOf('good')))
    const body = JSON.stringify({ trace2: 1, parameters: { 'http.tone': { variants } } })
    expect(await pollOnce(giving(body))).toBe('good')
  })
})

describe('a redirect', () => {
  const to =
    (location: string): Answer =>
    (_request, response) => {
      response.writeHead(302, { location })
      response.end()
    }
  const headers = { authorization: 'Bearer secret', 'x-api-key': 'secret too' }

  test('within the origin is followed with all headers', async () => {
    const seen: IncomingHttpHeaders[] = []
    const value = await pollOnce(
      (request, response) => {
        seen.push(request.headers)
        const next = request.url === '/' ? to('/other') : giving(documentOf('moved'))
        next(request, response)
      },
      { headers },
    )
    expect(value).toBe('moved')
    expect(seen).toEqual([expect.objectContaining(headers), expect.objectContaining(headers)])
  })

  test('to another origin is followed without them', async () => {
    let seen: IncomingHttpHeaders = {}
    const other = await serverWith((request, response) => {
      seen = request.headers
      giving(documentOf('elsewhere'))(request, response)
    })
    expect(await pollOnce(to(other), { headers })).toBe('elsewhere')
    expect(seen).not.toHaveProperty('authorization')
    expect(seen).not.toHaveProperty('x-api-key')
  })

  test('to itself ends', async () => {
    let asked = 0
    await pollOnce((request, response) => {
      asked++
      to('/')(request, response)
    })
    expect(asked).toBe(6)
    expect(problems).toEqual([expect.stringContaining('more than 5 redirects')])
  })

  test.each(['file:///etc/passwd', 'data:application/json,{}', 'ftp://127.0.0.1/x', 'http://['])(
    'to %s is refused',
    async (location) => {
      expect(await pollOnce(to(location))).toBe('code')
      expect(problems).toHaveLength(1)
    },
  )
})

describe('a document that says who issued it', () => {
  test('is not used if it is older than one before, and that is said once', async () => {
    let body = documentOf('new', { by: 'a', sequence: 2 })
    answer = (request, response) => giving(body)(request, response)
    let asked = 0
    const counted = answer
    answer = (request, response) => {
      asked++
      counted(request, response)
    }
    const stop = await pollParameters({ url, intervalMs: 10 })
    onTestFinished(stop)
    expect(tone.value).toBe('new')
    body = documentOf('old', { by: 'a', sequence: 1 })
    const before = asked
    await expect.poll(() => asked).toBeGreaterThan(before + 3)
    expect(tone.value).toBe('new')
    expect(problems).toEqual([expect.stringContaining('an older document')])
    // A value that was rolled back is in a newer document.
    body = documentOf('old', { by: 'a', sequence: 3 })
    await expect.poll(() => tone.value).toBe('old')
    body = documentOf('moved', { by: 'another collector', sequence: 1 })
    await expect.poll(() => tone.value).toBe('moved')
    body = documentOf('says nothing')
    await expect.poll(() => tone.value).toBe('says nothing')
  })

  test.each([null, 5, {}, { by: 'a' }, { by: 1, sequence: 1 }, { by: 'a', sequence: '9' }])(
    'and says it wrongly is one that does not: %j',
    async (issued) => {
      expect(await pollOnce(giving(documentOf('read', issued)))).toBe('read')
      expect(problems).toEqual([])
    },
  )
})

describe('what is reported', () => {
  test('is each reason, once until the source is read again', async () => {
    const answers = ['<', '<', '[]', '<', documentOf('good'), '<', '<']
    let at = 0
    answer = (request, response) => giving(answers[at++] ?? documentOf('end'))(request, response)
    const stop = await pollParameters({ url, intervalMs: 5 })
    onTestFinished(stop)
    await expect.poll(() => tone.value).toBe('end')
    const reasons = problems.map((problem) => problem.includes('not valid JSON'))
    expect(reasons).toEqual([true, false, true])
  })

  test.each<[string, Partial<PollOptions>]>([
    ['a header', { headers: { authorization: 'Bearer secret\nx' } }],
    ['an address', { url: 'http://user:secret@127.0.0.1:1/' }],
    ['a query', { url: 'http://127.0.0.1:1/?key=secret' }],
    ['what is no address', { url: 'secret' }],
  ])('has no secret of %s', async (_what, options) => {
    await pollOnce(() => {}, options)
    expect(problems).toHaveLength(1)
    if (options.url !== 'secret') expect(problems.join()).not.toContain('secret')
  })
})

describe('a value', () => {
  const ratio = parameter('http.ratio', 0.5, { schema: { minimum: 0, maximum: 1 } })
  const options = parameter<unknown>('http.options', null)
  const take = (name: string, value: unknown) =>
    pollOnce(giving(JSON.stringify({ trace2: 1, parameters: { [name]: { value } } })))

  test('of another type than the code has is refused where the schema says nothing of types', async () => {
    await take('http.ratio', 'x')
    expect(ratio.value).toBe(0.5)
    await take('http.ratio', 2)
    expect(ratio.value).toBe(0.5)
    await take('http.ratio', 0.75)
    expect(ratio.value).toBe(0.75)
  })

  test('that would change the prototype of what it is copied into is refused', async () => {
    const body = '{"trace2":1,"parameters":{"http.options":{"value":{"a":{"__proto__":{"x":1}}}}}}'
    await pollOnce(giving(body))
    expect(options.value).toBe(null)
    await take('http.options', { text: '"__proto__":' })
    expect(options.value).toEqual({ text: '"__proto__":' })
  })

  test('that is nested deeper than people write is refused', async () => {
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)
    await take('http.options', nested(201))
    expect(options.value).toBe(null)
    await take('http.options', nested(200))
    expect(options.value).toEqual(nested(200))
  })
})

test('a time that no timer can wait for is the longest that one can', async () => {
  let asked = 0
  answer = (request, response) => {
    asked++
    giving(documentOf('x'))(request, response)
  }
  const stop = await pollParameters({ url, intervalMs: 1e12, timeoutMs: Number.POSITIVE_INFINITY })
  onTestFinished(stop)
  await new Promise((done) => setTimeout(done, 50))
  expect(asked).toBe(1)
})
