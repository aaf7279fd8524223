import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { askOwner, openStore } from '@trace2/store'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../../store/src/testing/temporary.ts'
import { startCollector } from './index.ts'
import { startChildCollector } from './testing/child-collector.ts'

const directory = temporaryDirectory()
let places = 0

function place(): string {
  const path = join(directory, `place-${places++}`)
  mkdirSync(path)
  return join(path, 'a.duckdb')
}

async function collect(db: string) {
  const collector = await startCollector({ db, port: 0 })
  onTestFinished(() => collector.close())
  return collector
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ownerFile = (db: string) => `${db}.owner.json`

/** An owner's file that a collector of this place has left, with other content. */
async function left(db: string, content: object): Promise<void> {
  const collector = await startCollector({ db, port: 0 })
  const owner: object = JSON.parse(readFileSync(ownerFile(db), 'utf8'))
  await collector.close()
  writeFileSync(ownerFile(db), JSON.stringify({ ...owner, ...content }))
}

it('is proved by no process number: a number that another process has by now hinders no start', async () => {
  const db = place()
  await left(db, { pid: process.ppid, url: 'http://127.0.0.1:9' })
  const store = await openStore(db)
  expect(await store.runs()).toEqual([])
  await store.close()
  const collector = await collect(db)
  expect(JSON.parse(readFileSync(ownerFile(db), 'utf8'))).toMatchObject({ url: collector.url })
})

it.each([
  ['another program', () => createServer((_, response) => response.end('{"status":"ok"}'))],
  ['no program of HTTP', () => createTcpServer((socket) => socket.end('220 smtp\r\n'))],
])('is not %s that listens where the owner did', async (_, program) => {
  const db = place()
  await left(db, { url: await listen(program()) })
  expect(await askOwner(db)).toMatchObject({ state: 'gone' })
  await collect(db)
})

it('is not another collector at the same address', async () => {
  const db = place()
  const other = await collect(place())
  await left(db, { url: other.url })
  expect(await askOwner(db)).toMatchObject({ state: 'gone' })
  await collect(db)
})

it('gets no commands of a copy: neither of the database alone, nor of all that lies beside it', async () => {
  const db = place()
  const original = await collect(db)
  const copies = [place(), place()] as const
  copyFileSync(db, copies[0])
  copyFileSync(ownerFile(db), ownerFile(copies[0]))
  rmSync(dirname(copies[1]), { recursive: true })
  cpSync(dirname(db), dirname(copies[1]), { recursive: true })
  for (const copy of copies) {
    const store = await openStore(copy)
    await store.addFeedback({ traceId: 'a'.repeat(32), spanId: null, name: 'copy', score: 1 })
    expect(await store.feedback()).toHaveLength(1)
    await store.close()
  }
  expect(await original.store.feedback()).toEqual([])
})

it('is found through another name of the same file', async () => {
  const db = place()
  const { url } = await collect(db)
  const other = join(dirname(db), '..', basename(dirname(db)), 'a.duckdb')
  const store = await openStore(other)
  await store.addFeedback({ traceId: 'b'.repeat(32), spanId: null, name: 'same', score: 1 })
  expect(await (await openStore(url)).feedback()).toHaveLength(1)
})

it('keeps its lock while it is stopped and answers nobody, and loses it when it is killed', async () => {
  const db = place()
  const owner = await startChildCollector({ db })
  onTestFinished(() => owner.kill())
  owner.child.kill('SIGSTOP')
  expect(await askOwner(db)).toMatchObject({ state: 'silent', owner: { pid: owner.child.pid } })
  await expect(startCollector({ db, port: 0 })).rejects.toMatchObject({ code: 'T2_STORE_LOCKED' })
  await expect(openStore(db)).rejects.toMatchObject({ code: 'T2_STORE_LOCKED' })
  // What the second one touched is as it was.
  owner.child.kill('SIGCONT')
  expect(await (await openStore(owner.url)).runs()).toEqual([])
  await owner.kill()
  const next = await collect(db)
  expect(await next.store.runs()).toEqual([])
})

it('starts where a lock was half written', async () => {
  const db = place()
  await (await startCollector({ db, port: 0 })).close()
  writeFileSync(join(`${db}.journal`, 'lock'), 'half')
  await collect(db)
})

it.runIf(existsSync('/proc/self'))(
  'ends at once where nothing can be made beside the database',
  async () => {
    for (const db of ['/dev/null/a.duckdb', '/proc/a.duckdb']) {
      await expect(startCollector({ db, port: 0 })).rejects.toMatchObject({ code: 'T2_STORE_OPEN' })
    }
  },
)

it('leaves the file of another owner where it is', async () => {
  const db = place()
  const collector = await startCollector({ db, port: 0 })
  const others = JSON.stringify({ ...JSON.parse(readFileSync(ownerFile(db), 'utf8')), id: 'other' })
  writeFileSync(ownerFile(db), others)
  await collector.close()
  expect(readFileSync(ownerFile(db), 'utf8')).toBe(others)
})
