import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../open.ts'
import { encodeTraces } from '../otlp/index.ts'
import type { Store } from '../store.ts'
import { span, spanId, traceId } from '../testing/spans.ts'
import { temporaryDirectory } from '../testing/temporary.ts'
import { importFile } from './import-file.ts'

const directory = temporaryDirectory()
let store: Store

beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

function file(content: string | Uint8Array): string {
  const path = join(directory, 'traces')
  writeFileSync(path, content)
  return path
}

const line = (id: string) => {
  const spans = [{ traceId: traceId('a'), spanId: spanId(id) }]
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
}
const [first, second] = [line('1'), line('2')]
const packed = (text: string) => gzipSync(Buffer.from(text))
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const tar = `traces.json${'\u0000'.repeat(246)}ustar`
/** What cannot be packed any smaller: it is unpacked in several pieces. */
const noise = JSON.stringify({ noise: randomBytes(400_000).toString('base64') })
const isCut = { brokenOff: expect.stringContaining('gzip data is damaged or cut') }
const isWhole = { brokenOff: undefined }

it.each<[string, Uint8Array | string, object]>([
  [
    'gzip that is cut',
    packed(`${first}\n${second}\n${noise}`).subarray(0, -200_000),
    { accepted: 2, ...isCut },
  ],
  [
    'gzip that is cut in its last bytes',
    packed(`${first}\n${second}\n`).subarray(0, -4),
    { accepted: 2, badLines: 0, ...isCut },
  ],
  [
    'gzip of two members',
    Buffer.concat([packed(`${first}\n`), packed(second)]),
    { accepted: 2, ...isWhole },
  ],
  [
    'gzip with zeros behind it',
    Buffer.concat([packed(first), Buffer.alloc(512)]),
    { accepted: 1, ...isWhole },
  ],
  ['a comment first', `# exported\n${first}\n${second}`, { accepted: 2, badLines: 1 }],
  ['a last line that is cut', `${first}\n${second.slice(0, -20)}`, { accepted: 1, badLines: 1 }],
  ['blank lines', `\n\r\n  \n${first}\r\n\r\n`, { accepted: 1, badLines: 0 }],
  ['nothing but blank lines', '\n\r\n  \n', { accepted: 0, badLines: 0 }],
  ['nothing', '', { accepted: 0, badLines: 0 }],
  ['a mark of UTF-8', `\ufeff${first}\r\n`, { accepted: 1, badLines: 0 }],
  ['UTF-16', utf16(`${first}\r\n${second}`), { accepted: 2, badLines: 0 }],
  ['UTF-16 of the other order', utf16(first).swap16(), { accepted: 1, badLines: 0 }],
  ['other text', 'exported, and\nnothing else\n', { accepted: 0, badLines: 2 }],
  ['names, and requests behind them,', `a,b\n${first}\n`, { accepted: 1, badLines: 1 }],
  ['a list over many lines', '[\n  {},\n  {}\n]\n', { accepted: 0, badLines: 1 }],
])('%s costs only what is broken', async (_, content, expected) => {
  expect(await importFile(store, file(content))).toMatchObject(expected)
})

it('a line that is longer than a collector takes is left out', async () => {
  const path = file(`${first}\n`)
  appendFileSync(path, Buffer.alloc(65 * 1024 * 1024, 'x'))
  appendFileSync(path, `\n${second}\n`)
  expect(await importFile(store, path)).toMatchObject({
    ...{ accepted: 2, badLines: 1 },
    problems: [{ line: 2, message: expect.stringContaining('longer than') }],
  })
})

it('a message of protobuf that is cut is said', async () => {
  const messages = ['1', '2'].flatMap((id) => {
    const message = encodeTraces([span({ id })])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(message.byteLength)
    return [length, message]
  })
  const path = file(Buffer.concat(messages).subarray(0, -5))
  expect(await importFile(store, path)).toMatchObject({
    ...{ accepted: 1, encoding: 'protobuf' },
    brokenOff: 'The file ends within message 2.',
  })
})

it('a pipe is read, packed or not', async () => {
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  for (const [content, accepted] of [
    [packed(`${first}\n`), 1],
    [Buffer.from(`${first}\n${second}`), 1],
  ] as const) {
    const writer = spawn('sh', ['-c', 'cat > "$0"', path], { stdio: ['pipe', 'ignore', 'ignore'] })
    writer.stdin.end(content)
    expect(await importFile(store, path)).toMatchObject({ accepted, ...isWhole })
  }
})

it.each([
  ['has nothing after the head of gzip', () => file(packed(first).subarray(0, 10)), 'cut'],
  ['is a directory', () => directory, 'is a directory'],
  ['is a table of Parquet', () => file('PAR1\u0000\u0001'), 'It is a table of Parquet: '],
  ['is a ZIP archive', () => file('PK\u0003\u0004\u0014\u0000'), 'It is a ZIP archive: unpack it'],
  ['is a tar archive', () => file(packed(tar)), 'It is a tar archive: unpack it'],
  ['is a database of DuckDB', () => file('12345678DUCK\u0040\u0000'), '--db'],
  ['is a table of text', () => file('context.trace_id,name\n1,2\n'), '(CSV): export OTLP'],
  ['is a table of quoted text', () => file('"id";"start time"\r\n1;2\r\n'), '(CSV): export OTLP'],
  ['is a web page', () => file('<!DOCTYPE html>\n<html></html>'), 'It is a web page: '],
  ['is something else', () => file('\u0001\u0002\u0003\u0004\u0005'), 'neither OTLP JSON nor'],
])('what %s is refused', async (_, path, message) => {
  await expect(importFile(store, path())).rejects.toMatchObject({
    code: 'T2_IMPORT',
    message: expect.stringContaining(message),
  })
})
