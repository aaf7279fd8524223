import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

test('JSON lines, length-prefixed and bare protobuf, gzip or not, give the same runs', async () => {
  const cwd = temporaryDirectory()
  const json = await recordedRequest(['a refund'], 'json')
  const protobuf = await recordedRequest(['a refund'], 'protobuf')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(protobuf.body.byteLength)
  const pretty = JSON.stringify(JSON.parse(Buffer.from(json.body).toString()), null, 2)
  const files: Record<string, Uint8Array> = {
    'lines.jsonl': Buffer.concat([json.body, Buffer.from('\n\n'), json.body]),
    'lines.jsonl.gz': gzipSync(Buffer.concat([json.body, Buffer.from('\n')])),
    'pretty.json': Buffer.from(pretty),
    'prefixed.binpb': Buffer.concat([length, protobuf.body, length, protobuf.body]),
    'bare.binpb': protobuf.body,
  }
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(cwd, name), content)
    const { code, out } = await command(['import', name, '--db', `${name}.duckdb`, '--json'], {
      cwd,
    })
    expect(code).toBe(0)
    const [counts] = JSON.parse(out)
    expect(counts).toMatchObject({ file: name, accepted: 5, rejected: 0, bad: 0 })
    const runs = await command(['runs', '--json', '--db', `${name}.duckdb`], { cwd })
    expect(JSON.parse(runs.out)).toMatchObject([{ name: 'support-agent', spans: 4, score: 0 }])
  }
})
