import { once } from 'node:events'
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, startCommand, temporaryDirectory } from '../testing/command.ts'
import { runAgent } from '../testing/sample-agent.ts'

/** Starts `trace2 collect` on a free port and waits until it says where. */
async function startCollect(args: readonly string[], cwd: string) {
  const started = startCommand(['collect', '--port', '0', ...args], { cwd })
  let out = ''
  while (!out.includes('Ctrl-C')) {
    const [chunk] = await once(started.child.stdout ?? started.child, 'data')
    out += String(chunk)
  }
  const [, url = ''] = /Listening on (\S+)/.exec(out) ?? []
  return { ...started, url, out }
}

test('what the stock exporters send is there for the other commands while it collects, and after', async () => {
  const cwd = temporaryDirectory()
  const { child, finished, url, out } = await startCollect([], cwd)
  expect(out).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}`)
  expect(out).toContain('trace2.duckdb')

  const [first] = await runAgent(['a refund'], new JsonExporter({ url: `${url}/v1/traces` }))
  const [second] = await runAgent(['a refund'], new ProtobufExporter({ url: `${url}/v1/traces` }))
  for (const db of ['trace2.duckdb', url]) {
    const runs = JSON.parse((await command(['runs', '--json', '--db', db], { cwd })).out)
    expect(runs.map(({ id }: { id: string }) => id)).toEqual([second, first])
    const graph = await command(['graph', 'last', '--db', db], { cwd })
    expect(graph.out).toContain('support-agent')
  }

  child.kill('SIGTERM')
  const { code, err } = await finished
  expect(code).toBe(0)
  expect(err).toContain('Everything received is in trace2.duckdb')
  const runs = await command(['runs', '--json'], { cwd })
  expect(JSON.parse(runs.out)).toHaveLength(2)
})

test('a second collector on the same database says who has it', async () => {
  const cwd = temporaryDirectory()
  const { child, finished, url } = await startCollect([], cwd)
  const second = await command(['collect', '--port', '0'], { cwd })
  expect(second.code).toBe(1)
  expect(second.err).toContain('error T2_STORE_LOCKED')
  expect(second.err).toContain(url)
  child.kill('SIGINT')
  expect((await finished).code).toBe(0)
})

test('what cannot work is said before anything is made', async () => {
  const cwd = temporaryDirectory()
  const absent = await command(['collect', '--port', '0', '--db', 'absent/x.duckdb'], { cwd })
  expect([absent.code, absent.err]).toEqual([1, expect.stringContaining('error T2_STORE_OPEN')])
  const target = await command(['collect', '--port', '0', '--forward', 'jaeger'], { cwd })
  expect([target.code, target.err]).toEqual([1, expect.stringContaining('error T2_CONFIG')])
  expect(readdirSync(cwd)).toEqual([])
})

test('credentials in the address of a target are not shown', async () => {
  const target = ['--forward', 'http://me:secret@127.0.0.1:9/otlp']
  const { child, finished, out } = await startCollect(target, temporaryDirectory())
  expect(out).toContain('http://127.0.0.1:9/otlp')
  child.kill('SIGTERM')
  const { code, err } = await finished
  expect(code).toBe(0)
  expect(out + err).not.toContain('secret')
})

test('listening beyond this machine has to be asked for', async () => {
  const cwd = temporaryDirectory()
  const refused = await command(['collect', '--host', '0.0.0.0', '--port', '0'], { cwd })
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('error T2_HOST_OPEN')
})

test('with a token, only who sends it gets in; commands on the file find their own way', async () => {
  const cwd = temporaryDirectory()
  const token = 'a-token-that-is-long-enough'
  writeFileSync(join(cwd, 'tokens'), `${token}\n`)
  const { child, finished, url } = await startCollect(['--token-file', 'tokens'], cwd)
  const refused = await command(['runs', '--db', url], { cwd })
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/^error T2_/)
  expect((await command(['runs', '--db', url], { cwd, env: { TRACE2_TOKEN: token } })).code).toBe(0)
  expect((await command(['runs'], { cwd })).code).toBe(0)
  child.kill('SIGTERM')
  await finished
})

test('what comes in goes on to other receivers', async () => {
  const cwd = temporaryDirectory()
  const next = await startCollect(['--db', 'next.duckdb'], cwd)
  const first = await startCollect(['--forward', next.url], cwd)
  expect(first.out).toContain(next.url)
  const [run] = await runAgent(['a refund'], new JsonExporter({ url: `${first.url}/v1/traces` }))
  const arrived = async () => {
    const { out } = await command(['runs', '--json', '--db', next.url], { cwd })
    return JSON.parse(out).map(({ id }: { id: string }) => id)
  }
  await expect.poll(arrived, { timeout: 20_000 }).toEqual([run])
  first.child.kill('SIGTERM')
  await first.finished
  next.child.kill('SIGTERM')
  await next.finished
})

test('a collector needs a file', async () => {
  const { code, err } = await command(['collect', '--db', 'http://127.0.0.1:9'])
  expect(code).toBe(2)
  expect(err).toContain('error T2_USAGE')
})

/** Files and directories below one that others than their owner may read, write or enter. */
function openToOthers(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => {
    return (statSync(join(directory, name)).mode & 0o077) !== 0
  })
}

test.skipIf(process.platform === 'win32')(
  'whatever is made belongs to the user alone, while it collects and after',
  async () => {
    const cwd = temporaryDirectory()
    const { child, finished, url } = await startCollect([], cwd)
    await runAgent(['a refund'], new ProtobufExporter({ url: `${url}/v1/traces` }))
    await command(['runs', '--db', url], { cwd })
    expect(readdirSync(cwd, { recursive: true })).toContain('trace2.duckdb.wal')
    expect(openToOthers(cwd)).toEqual([])
    expect((await command(['export', 'exported'], { cwd })).code).toBe(0)
    expect(openToOthers(cwd)).toEqual([])
    child.kill('SIGTERM')
    await finished
    expect(openToOthers(cwd)).toEqual([])
  },
)

test.skipIf(process.platform === 'win32')(
  'a store that a command makes belongs to its user alone',
  async () => {
    const cwd = temporaryDirectory()
    const store = await openStore(join(cwd, 'a.duckdb'))
    await store.addParameterVersion({
      ...{ name: 'a', value: 'b', trainable: true, description: '', schema: null },
    })
    expect(readdirSync(cwd).sort()).toContain('a.duckdb.wal')
    expect(openToOthers(cwd)).toEqual([])
    await store.close()
    expect(openToOthers(cwd)).toEqual([])
    // What an operator opened to others stays so.
    chmodSync(join(cwd, 'a.duckdb'), 0o640)
    const again = await openStore(join(cwd, 'a.duckdb'))
    await again.addParameterVersion({
      ...{ name: 'a', value: 'c', trainable: true, description: '', schema: null },
    })
    expect(statSync(join(cwd, 'a.duckdb')).mode & 0o777).toBe(0o640)
    expect(statSync(join(cwd, 'a.duckdb.wal')).mode & 0o777).toBe(0o640)
    await again.close()
  },
)
