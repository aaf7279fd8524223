import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type CollectorConfig, collectorOptions, mergeConfigs, readConfig } from './config.ts'
import { parseDuration, parseSize } from './units.ts'

const directory = temporaryDirectory()
let files = 0

function file(content: unknown): string {
  const path = join(directory, `${files++}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

it('says everything that a collector can be told', () => {
  const tokenFile = file('first-token-of-length\nsecond-token-of-length\n')
  const rules = [{ name: 'email', preset: 'email' as const }]
  const config: CollectorConfig = {
    db: 'runs.duckdb',
    host: '0.0.0.0',
    port: 0,
    memory: '512MiB',
    maxBodySize: '10MB',
    journalQuota: '1.5GB',
    databaseMemory: '512MB',
    queryTimeout: '30s',
    logLevel: 'warn',
    security: { tokenFile, corsOrigins: ['https://a.b'], allowedHosts: ['c'] },
    forward: [{ url: 'http://jaeger:4318', headers: { a: 'b' }, encoding: 'protobuf' }],
    parametersFile: 'values.json',
    retention: { maxAge: '30d', maxSize: '20GB' },
    redaction: { rules },
  }
  const read = readConfig(file({ $schema: 'x', ...config }))
  expect(collectorOptions(read, { TRACE2_REDACTION_KEY: 'k'.repeat(16) })).toEqual({
    db: join(directory, 'runs.duckdb'),
    host: '0.0.0.0',
    port: 0,
    memoryBytes: 512 * 1024 ** 2,
    maxBodyBytes: 10_000_000,
    journalQuotaBytes: 1_500_000_000,
    databaseMemoryBytes: 512_000_000,
    queryTimeoutMs: 30_000,
    forward: config.forward,
    parametersFile: join(directory, 'values.json'),
    security: {
      corsOrigins: ['https://a.b'],
      allowedHosts: ['c'],
      tokenFile,
      tokens: [],
    },
    retention: { maxAgeSeconds: 30 * 86_400, maxBytes: 20_000_000_000 },
    redaction: { key: 'k'.repeat(16), rules },
  })
})

it('needs no file, but one that is named must be there', () => {
  expect(collectorOptions(readConfig(), {}).db).toBe('trace2.duckdb')
  const missing = expect.objectContaining({ code: 'T2_CONFIG' })
  expect(() => readConfig(join(directory, 'none.json'))).toThrowError(missing)
})

it.each([
  [{ retention: { maxAge: '30 days' } }, 'retention/maxAge'],
  [{ secrity: {} }, 'secrity: there is no such setting.'],
  [{ retention: { maxSize: 5 } }, 'retention/maxSize: it must be a size such as "500MB"'],
  [{ forward: [{ url: 'jaeger:4318' }] }, 'forward/0/url: it must be an address'],
  [{ port: '4318' }, 'port'],
  [{ redaction: { rules: [{ keys: ['a'] }] } }, 'redaction/rules/0'],
  ['{"port": 1', '.json:1:11 is no JSON'],
  ['{\n  "port": 1\n  "host": "::1"\n}', '.json:3:3 is no JSON'],
])('names the place that is wrong: %j', (content, place) => {
  const told = expect.objectContaining({
    code: 'T2_CONFIG',
    message: expect.stringContaining(place),
  })
  expect(() => readConfig(file(content))).toThrowError(told)
})

it('takes a file as Windows editors write it, with a byte order mark', () => {
  expect(readConfig(file('\ufeff{"port":1}'))).toMatchObject({ port: 1 })
})

it('does not open the door for an empty token file, nor redact without a key', () => {
  const refused = expect.objectContaining({ code: 'T2_CONFIG' })
  const empty = { security: { tokenFile: file('\n') } }
  expect(() => collectorOptions(empty, {})).toThrowError(refused)
  const keyless = { redaction: { rules: [{ name: 'a', keys: ['a'] }] } }
  expect(() => collectorOptions(keyless, {})).toThrowError(refused)
})

it('takes the secrets of forward targets from the environment', () => {
  const url = 'http://langfuse:3000'
  const forward = [{ url, headers: { authorization: `Basic \${env:AUTH}`, plain: '$AUTH' } }]
  expect(collectorOptions({ forward }, { AUTH: 'a2V5' }).forward).toEqual([
    { url, headers: { authorization: 'Basic a2V5', plain: '$AUTH' } },
  ])
  const refused = expect.objectContaining({
    code: 'T2_CONFIG',
    message: expect.stringMatching('AUTH'),
  })
  expect(() => collectorOptions({ forward }, {})).toThrowError(refused)
})

it('lets what comes first count, member by member', () => {
  const first = { port: 1, retention: { maxAge: '1d' } }
  const second = { port: 2, host: 'h', retention: { maxAge: '2d', maxSize: '1GB' } }
  expect(mergeConfigs(first, second)).toMatchObject({
    port: 1,
    host: 'h',
    retention: { maxAge: '1d', maxSize: '1GB' },
  })
})

it('reads durations and sizes', () => {
  expect([parseDuration('90s'), parseDuration('1.5h'), parseSize('500mb')]).toEqual([90, 5400, 5e8])
  expect(['512MiB', '1.5gib', '2KiB'].map(parseSize)).toEqual([2 ** 29, 1.5 * 2 ** 30, 2048])
  for (const wrong of ['', '5', '5 d', '-1d'])
    expect(() => parseDuration(wrong)).toThrow('duration')
  for (const wrong of ['', '5', '5iB']) expect(() => parseSize(wrong)).toThrow('size')
})
