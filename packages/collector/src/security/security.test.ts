import { readFileSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { openStore } from '@trace2/store'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from '../collector.ts'
import { testCertificate } from '../testing/certificate.ts'
import type { SecurityOptions } from './options.ts'

const directory = temporaryDirectory()
const collectors: Collector[] = []
const token = 'a-token-of-good-length'

async function start(security: SecurityOptions = {}, host = '127.0.0.1'): Promise<Collector> {
  const db = join(directory, `${collectors.length}-${Math.random()}.duckdb`)
  const collector = await startCollector({ db, port: 0, host, security })
  collectors.push(collector)
  return collector
}

afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close()
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** With any header, `Host` included, and a certificate authority of our own: more than fetch can do. */
function call(
  url: string,
  headers: Record<string, string> = {},
  { method = 'POST', body = '[]' }: { method?: string; body?: string } = {},
): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest
  const options = {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ca: testCertificate.cert,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      )
    })
    sent.on('error', reject).end(body)
  })
}

const bearer = { authorization: `Bearer ${token}` }

describe('with a token', () => {
  it('refuses every request that does not carry it, in the words of its path', async () => {
    const { url } = await start({ tokens: [token] })
    for (const headers of [
      {},
      { authorization: 'Bearer a-token-of-good-lengtH' },
      { authorization: `Basic ${token}` },
      { authorization: 'Bearer ' },
    ]) {
      const api = await call(`${url}/api/v1/runs`, headers)
      expect([api.status, api.headers['www-authenticate']]).toEqual([401, 'Bearer'])
      expect(JSON.parse(api.text)).toMatchObject({ code: 'T2_UNAUTHORIZED' })
      const otlp = await call(`${url}/v1/traces`, headers)
      expect(otlp.status).toBe(401)
      expect(JSON.parse(otlp.text)).toMatchObject({ code: 16 })
    }
    const protobuf = await call(`${url}/v1/traces`, { 'content-type': 'application/x-protobuf' })
    expect(protobuf.headers['content-type']).toBe('application/x-protobuf')
    expect((await call(`${url}/api/v1/runs`, bearer)).status).toBe(200)
    expect((await call(`${url}/v1/traces`, bearer, { body: '{}' })).status).toBe(200)
    // Langfuse's SDKs have a path and a pair of keys of their own.
    const pair = (key: string) => `Basic ${Buffer.from(`pk-1:${key}`).toString('base64')}`
    const sent = (key: string) =>
      call(`${url}/api/public/otel/v1/traces`, { authorization: pair(key) }, { body: '{}' })
    expect((await sent(token)).status).toBe(200)
    expect((await sent('not-the-token')).status).toBe(401)
    // LangWatch's SDKs have a path of their own too.
    expect((await call(`${url}/api/otel/v1/traces`, bearer, { body: '{}' })).status).toBe(200)
    expect((await call(`${url}/api/otel/v1/traces`, {}, { body: '{}' })).status).toBe(401)
  })

  it('takes any of several, so that they can be changed', async () => {
    const { url } = await start({ tokens: ['the-token-before-this', token] })
    const before = { authorization: 'Bearer the-token-before-this' }
    expect((await call(`${url}/api/v1/runs`, before)).status).toBe(200)
    expect((await call(`${url}/api/v1/runs`, bearer)).status).toBe(200)
  })

  it('lets each do what its scope says, and nothing else', async () => {
    const agents = 'the-token-of-agents'
    const tokens = [`ingest:${agents}`, 'read:the-token-of-readers', 'admin:the-token-of-admins']
    const { url } = await start({ tokens })
    const requests = {
      traces: ['/v1/traces', '{}'],
      logs: ['/v1/logs', '{}'],
      inForce: ['/api/v1/parameters'],
      runs: ['/api/v1/runs', '[]'],
      graphs: ['/api/v1/graphs', '[[]]'],
      sql: ['/api/v1/sql', '["SELECT 1"]'],
      parameters: ['/api/v1/parameters', '[]'],
      metrics: ['/metrics'],
      decide: ['/api/v1/decideProposal', '["p-1",{"status":"rejected","note":""}]'],
      feedback: ['/api/v1/addFeedback', '[{}]'],
      retain: ['/api/v1/retain', '[{}]'],
      unknown: ['/api/v1/nothing', '[]'],
    } as const
    const allowed = async (given: string) => {
      const names: string[] = []
      for (const [name, [path, body]] of Object.entries(requests)) {
        const headers = { authorization: `Bearer ${given}`, 'content-type': 'application/json' }
        const sent = body === undefined ? { headers } : { method: 'POST', headers, body }
        const answer = await fetch(`${url}${path}`, sent)
        const text = await answer.text()
        if (answer.status === 403) expect(text).toContain('T2_FORBIDDEN')
        else names.push(name)
      }
      return names
    }
    expect(await allowed(agents)).toEqual(['traces', 'logs', 'inForce'])
    const readable = ['inForce', 'runs', 'graphs', 'sql', 'parameters', 'metrics']
    expect(await allowed('the-token-of-readers')).toEqual(readable)
    expect(await allowed('the-token-of-admins')).toEqual(Object.keys(requests))
    // A scope in front of a token that is sent gives nobody another one.
    expect(await allowed(`ingest:${agents}`)).toEqual(['traces', 'logs', 'inForce'])
    expect(await allowed(`admin:${agents}`)).toEqual(['traces', 'logs', 'inForce'])
  })

  it('lets the stock exporter in by its headers option, and our client by its token', async () => {
    const { url, store } = await start({ tokens: [token] })
    const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, headers: bearer })
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    })
    provider.getTracer('test').startSpan('work').end()
    await provider.shutdown()
    const client = await openStore(url, { token })
    expect(await client.runs()).toEqual(await store.runs())
    const stranger = await openStore(url)
    await expect(stranger.runs()).rejects.toMatchObject({ code: 'T2_UNAUTHORIZED', status: 401 })
  })

  it('gives other commands of the same user a token beside the database, in a private file', async () => {
    const { store } = await start({ tokens: [token] })
    const path = `${store.location}.owner.json`
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const owner: { url: string; token: string } = JSON.parse(readFileSync(path, 'utf8'))
    expect(owner.token).not.toBe(token)
    const headers = { authorization: `Bearer ${owner.token}` }
    expect((await call(`${owner.url}/api/v1/runs`, headers)).status).toBe(200)
  })

  it('answers probes without it', async () => {
    const { url } = await start({ tokens: [token] })
    const probe = await call(`${url}/healthz`, {}, { method: 'GET', body: '' })
    expect(probe.status).not.toBe(401)
  })

  it('refuses a token that can be guessed', async () => {
    await expect(start({ tokens: ['short'] })).rejects.toMatchObject({ code: 'T2_CONFIG' })
  })
})

describe('the address', () => {
  it('is only beyond this machine with a token, or when that is asked for', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      await expect(start({}, host)).rejects.toMatchObject({ code: 'T2_HOST_OPEN' })
    }
    const open = await start({ allowUnauthenticated: true }, '0.0.0.0')
    expect((await call(`${open.url}/api/v1/runs`)).status).toBe(200)
    const closed = await start({ tokens: [token] }, '0.0.0.0')
    expect((await call(`${closed.url}/api/v1/runs`)).status).toBe(401)
  })

  it('must be the one in the Host header, against DNS rebinding', async () => {
    const { url } = await start({ allowedHosts: ['host.docker.internal'] })
    const rebound = { host: 'evil.test:4318', origin: 'http://evil.test:4318' }
    for (const path of ['/api/v1/runs', '/v1/traces']) {
      const answer = await call(url + path, rebound)
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('T2_HOST_UNKNOWN')
    }
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:4318', 'host.docker.internal']) {
      expect((await call(`${url}/api/v1/runs`, { host })).status).toBe(200)
    }
  })
})

describe('web pages', () => {
  const origin = 'https://app.example.com'

  it('are refused, whatever they call', async () => {
    const { url } = await start()
    for (const from of [origin, 'null']) {
      expect((await call(`${url}/v1/traces`, { origin: from })).status).toBe(403)
      expect((await call(`${url}/api/v1/runs`, { origin: from })).status).toBe(403)
    }
    expect((await call(`${url}/api/v1/runs`, { origin: url })).status).toBe(200)
  })

  it('of a named origin may call, after a preflight that needs no token', async () => {
    const { url } = await start({ corsOrigins: [origin], tokens: [token] })
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    }
    const preflight = await call(`${url}/v1/traces`, asked, { method: 'OPTIONS', body: '' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization,content-type',
    })
    const sent = await call(`${url}/v1/traces`, { origin, ...bearer }, { body: '{}' })
    expect([sent.status, sent.headers['access-control-allow-origin']]).toEqual([200, origin])
    const other = await call(`${url}/v1/traces`, { origin: 'https://evil.test', ...bearer })
    expect(other.status).toBe(403)
    expect(other.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it.each(['*', 'example.com', 'https://app.example.com/path'])(
    'cannot be named as %s',
    async (broad) => {
      await expect(start({ corsOrigins: [broad] })).rejects.toMatchObject({ code: 'T2_CONFIG' })
    },
  )
})

describe('with a certificate', () => {
  it('answers over TLS, and other commands of this machine without checking it', async () => {
    const { url, store } = await start({ tls: testCertificate, tokens: [token] })
    expect(url).toMatch(/^https:/)
    expect((await call(`${url}/api/v1/runs`, bearer)).status).toBe(200)
    expect((await call(`${url}/api/v1/runs`)).status).toBe(401)
    const owner: { url: string } = JSON.parse(readFileSync(`${store.location}.owner.json`, 'utf8'))
    expect(owner.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect((await call(`${owner.url}/api/v1/runs`)).status).toBe(401)
  })

  it('says what is wrong with it', async () => {
    const tls = { cert: 'no certificate', key: 'no key' }
    await expect(start({ tls })).rejects.toMatchObject({ code: 'T2_CONFIG' })
  })
})
