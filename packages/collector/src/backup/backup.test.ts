import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type Store } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { span, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { contentsOf, fillStore } from '../testing/full-store.ts'
import { backUp, restore } from './index.ts'

const directory = temporaryDirectory()
let places = 0

function place() {
  const name = join(directory, `${places++}`)
  return { db: `${name}.duckdb`, backup: `${name}.backup`, restored: `${name}.restored.duckdb` }
}

async function opened(path: string): Promise<Store> {
  const store = await openStore(path)
  onTestFinished(() => store.close())
  return store
}

async function restoredFrom(backup: string, path: string) {
  await restore(backup, path)
  return contentsOf(await opened(path))
}

/** Writes spans of traces of eight, with texts of some length. */
async function writeMany(store: Store, first: number, count: number): Promise<void> {
  const spans = Array.from({ length: count }, (_, index) => {
    const number = first + index
    const text = `${number} of many words, `.repeat(3)
    const trace = `f${Math.floor(number / 8).toString(16)}`
    return span({
      ...{ trace, id: (number + 1).toString(16), at: number * 1000 },
      attributes: { 'input.value': text },
    })
  })
  await store.writeSpans(spans)
}

/** What another process is told that backs up into a directory. */
function backUpElsewhere(backup: string): string {
  const program = `
    import { backUp } from '@trace2/collector'
    import { openStore } from '@trace2/store'
    const store = await openStore(':memory:')
    await backUp(store, process.argv[1]).then(
      () => console.log('done'), ({ code, message }) => console.log(code, message))
    await store.close()`
  const args = ['--input-type=module', '-e', program, backup]
  return execFileSync(process.execPath, args, { encoding: 'utf8' })
}

const partsIn = (backup: string) =>
  readdirSync(backup)
    .filter((name) => name.endsWith('.parquet'))
    .sort()

describe('a backup', () => {
  it('of a database that nobody holds is the same database again', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    expect(await restoredFrom(backup, restored)).toEqual(await contentsOf(store))
  })

  it('of a running collector has what was acknowledged before, and intake goes on meanwhile', async () => {
    const { db, backup, restored } = place()
    await using collector = await startCollector({ db, port: 0 })
    const client = await opened(collector.url)
    await fillStore(client)
    let sent = 0
    const send = async (spans = 50) => {
      const batch = Array.from({ length: spans }, () => {
        sent++
        return span({ trace: 'abc', id: sent.toString(16) })
      })
      const body = Buffer.from(encodeTraces(batch))
      const headers = { 'content-type': 'application/x-protobuf' }
      const { status } = await fetch(`${collector.url}/v1/traces`, {
        method: 'POST',
        headers,
        body,
      })
      expect(status).toBe(200)
    }
    for (let requests = 0; requests < 40; requests++) await send()
    const before = sent
    let during = 0
    let isBackedUp = false
    const sending = (async () => {
      while (!isBackedUp) {
        await send(1)
        during++
      }
    })()
    const { createdAt } = await backUp(client, backup)
    isBackedUp = true
    await sending
    expect(during).toBeGreaterThan(0)
    expect(Date.parse(createdAt)).toBeLessThan(Date.now())

    await restore(backup, restored)
    const store = await opened(restored)
    const { rows } = await store.sql(`SELECT name FROM v_span WHERE trace_id = '${traceId('abc')}'`)
    const stored = new Set(rows.map(([name]) => Number.parseInt(String(name), 16)))
    const missing = Array.from({ length: before }, (_, index) => index + 1).filter(
      (number) => !stored.has(number),
    )
    expect(missing).toEqual([])
    const [known, found] = await Promise.all([contentsOf(client), contentsOf(store)])
    for (const kind of ['feedback', 'proposals', 'deployments', 'parameters', 'cases'] as const) {
      expect(found[kind]).toEqual(known[kind])
    }
    const graphs = new Map(known.graphs)
    graphs.delete(traceId('abc'))
    expect(new Map(found.graphs.filter(([id]) => id !== traceId('abc')))).toEqual(graphs)
  })

  it('writes only what is new, and forgets what was deleted', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    for (let first = 0; first < 20_000; first += 5000) await writeMany(store, first, 5000)
    const half = Date.now()
    for (let first = 20_000; first < 40_000; first += 5000) await writeMany(store, first, 5000)
    const first = await backUp(store, backup)
    expect(first).toMatchObject({ kept: 0, removed: 0 })
    const inodes = new Map(
      partsIn(backup).map((name) => [name, statSync(join(backup, name)).ino] as const),
    )
    expect(inodes.size).toBeGreaterThan(3)

    await writeMany(store, 40_000, 8)
    const second = await backUp(store, backup)
    // The end of the spans, the end of what was said, and nothing else.
    expect(second.written).toBeLessThanOrEqual(2)
    expect(second.kept).toBeGreaterThanOrEqual(inodes.size - 2)
    expect(second.writtenBytes).toBeLessThan(first.writtenBytes)
    const again = await backUp(store, backup)
    expect(again).toMatchObject({ written: 0, removed: 0, kept: second.written + second.kept })
    const same = partsIn(backup).filter((name) => inodes.has(name))
    expect(same.map((name) => statSync(join(backup, name)).ino)).toEqual(
      same.map((name) => inodes.get(name)),
    )

    const { spans } = await store.retain({ maxAgeSeconds: (Date.now() - half) / 1000 })
    expect(spans).toBeGreaterThan(1000)
    const last = await backUp(store, backup)
    expect(last.removed).toBeGreaterThan(0)
    expect(last.kept).toBeGreaterThan(0)
    await restore(backup, restored)
    const query = 'SELECT * FROM v_span ORDER BY trace_id, span_id'
    expect(await (await opened(restored)).sql(query)).toEqual(await store.sql(query))
  })

  it('that was broken off leaves the earlier one whole, and the next one clears up', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    const before = await contentsOf(store)
    await writeMany(store, 0, 100)
    await store.addFeedback({ traceId: traceId('f0'), spanId: null, name: 'csat', score: 5 })
    let reads = 0
    const broken: Store = {
      ...store,
      readBackup: async (...args) => {
        if (++reads > 1) throw new Error('cut off')
        return store.readBackup(...args)
      },
    }
    await expect(backUp(broken, backup)).rejects.toMatchObject({ code: 'T2_BACKUP_DIRECTORY' })
    expect(await restoredFrom(backup, restored)).toEqual(before)

    await backUp(store, backup)
    rmSync(restored)
    const after = await restoredFrom(backup, `${restored}.2`)
    expect(after).toEqual(await contentsOf(store))
    const manifest = readFileSync(join(backup, 'manifest.json'), 'utf8')
    expect(partsIn(backup).filter((name) => !manifest.includes(name))).toEqual([])
    expect(readdirSync(backup).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('takes away what one that was killed has left, before it needs the room', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    const part = `span-${'0'.repeat(32)}.parquet`
    const left = [part, `${part}.tmp`, 'manifest.json.tmp']
    for (const name of left) writeFileSync(join(backup, name), 'half')
    const full: Store = {
      ...store,
      openBackup: async (...args) => {
        expect(readdirSync(backup).filter((name) => left.includes(name))).toEqual([])
        return store.openBackup(...args)
      },
    }
    expect(await backUp(full, backup)).toMatchObject({ written: 0 })
    expect(await restoredFrom(backup, restored)).toEqual(await contentsOf(store))
  })

  it('is not written by two at once', async () => {
    const { db, backup } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    const inside: Store = {
      ...store,
      openBackup: async (...args) => {
        const second = backUpElsewhere(backup)
        expect(second).toMatch(/T2_BACKUP_DIRECTORY Another backup is being written/)
        return store.openBackup(...args)
      },
    }
    expect(await backUp(inside, backup)).toMatchObject({ written: 0 })
  })

  it('is readable by its user alone', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    await restore(backup, restored)
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
    expect(modeOf(backup)).toBe('700')
    const files = [...partsIn(backup), 'manifest.json', 'lock'].map((name) => join(backup, name))
    expect(new Set([...files, restored].map(modeOf))).toEqual(new Set(['600']))
  })

  it.each([
    ['holds something else', (backup: string) => join(backup, '..')],
    ['is a file', (backup: string) => `${backup.slice(0, -'.backup'.length)}.duckdb`],
  ])('is refused where the directory %s', async (_, target) => {
    const { db, backup } = place()
    const store = await opened(db)
    await fillStore(store)
    const refused = backUp(store, target(backup))
    await expect(refused).rejects.toMatchObject({ code: 'T2_BACKUP_DIRECTORY' })
  })
})

describe('restoring', () => {
  async function backedUp() {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    return { backup, restored }
  }
  const first = (backup: string) => join(backup, partsIn(backup)[0] ?? '')

  it.each<[string, (backup: string) => string]>([
    ['changed', (backup) => change(first(backup), (bytes) => bytes.fill(7, 10, 20))],
    ['cut', (backup) => change(first(backup), (bytes) => bytes.subarray(0, -10))],
    [
      'missing',
      (backup) => {
        const path = first(backup)
        rmSync(path)
        return path
      },
    ],
    [
      'a manifest that was cut',
      (backup) => change(join(backup, 'manifest.json'), (bytes) => bytes.subarray(0, 200)),
    ],
    [
      'a manifest that was changed',
      (backup) =>
        change(join(backup, 'manifest.json'), (bytes) =>
          Buffer.from(bytes.toString().replace('"rows":', '"rows":1')),
        ),
    ],
  ])('says which file is %s, and makes nothing', async (_, damage) => {
    const { backup, restored } = await backedUp()
    const path = damage(backup)
    await expect(restore(backup, restored)).rejects.toMatchObject({
      code: 'T2_BACKUP_DAMAGED',
      message: expect.stringContaining(path),
    })
    expect(
      readdirSync(directory).filter((name) => join(directory, name).startsWith(restored)),
    ).toEqual([])
  })

  it('writes a damaged file anew with the next backup', async () => {
    const { db, backup, restored } = place()
    const store = await opened(db)
    await fillStore(store)
    await backUp(store, backup)
    change(first(backup), (bytes) => bytes.fill(7, 10, 20))
    expect(await backUp(store, backup)).toMatchObject({ written: 1 })
    expect(await restoredFrom(backup, restored)).toEqual(await contentsOf(store))
  })

  it('refuses a directory without a manifest, and one that is not there', async () => {
    const { backup, restored } = await backedUp()
    rmSync(join(backup, 'manifest.json'))
    for (const from of [backup, `${backup}.none`]) {
      await expect(restore(from, restored)).rejects.toMatchObject({ code: 'T2_BACKUP_INCOMPLETE' })
    }
  })

  it('refuses a backup of a newer version', async () => {
    const { backup, restored } = await backedUp()
    writeFileSync(join(backup, 'manifest.json'), '{"trace2Backup":2}')
    await expect(restore(backup, restored)).rejects.toMatchObject({ code: 'T2_STORE_NEWER' })
  })

  it('keeps a database that is there, and puts it aside where it is to be replaced', async () => {
    const { backup } = await backedUp()
    const { db } = place()
    const other = await openStore(db)
    await other.writeSpans([span({ trace: '77', id: '1' })])
    await other.close()
    await expect(restore(backup, db)).rejects.toMatchObject({ code: 'T2_RESTORE_EXISTS' })
    const { before } = await restore(backup, db, { replace: true })
    const aside = await opened(before ?? '')
    expect(await aside.runs()).toMatchObject([{ traceId: traceId('77') }])
    expect((await (await opened(db)).proposals()).map(({ id }) => id)).toEqual(['p-00000001'])
    expect(existsSync(`${db}.restored`)).toBe(false)
  })

  it('leaves the database of a collector alone', async () => {
    const { backup } = await backedUp()
    const { db } = place()
    await using collector = await startCollector({ db, port: 0 })
    await expect(restore(backup, db, { replace: true })).rejects.toMatchObject({
      code: 'T2_STORE_LOCKED',
      message: expect.stringContaining(collector.url),
    })
  })
})

function change(path: string, how: (bytes: Buffer) => Uint8Array): string {
  writeFileSync(path, how(readFileSync(path)))
  return path
}
