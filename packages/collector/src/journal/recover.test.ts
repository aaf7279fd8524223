import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { bodyLength, HEADER, MAGIC } from './entry.ts'
import { Journal } from './journal.ts'
import { inspectJournal, markClosed, recoverJournal } from './recover.ts'

const base = temporaryDirectory()
let directory: string
let data: string
let count = 0
const open: Journal[] = []

async function journal(quota?: number): Promise<Journal> {
  const opened = await Journal.open(directory, quota)
  open.push(opened)
  return opened
}

const entry = (n: number) =>
  ({
    signal: n % 2 ? 'logs' : 'traces',
    encoding: n % 3 ? 'json' : 'protobuf',
    receivedNs: BigInt(n),
    body: Buffer.alloc(n % 5 ? 9000 : 100, n),
  }) as const

beforeEach(() => {
  directory = join(base, `journal-${count++}`)
  data = join(directory, 'data.mdb')
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function filled(entries: number): Promise<void> {
  const writer = await Journal.open(directory)
  await Promise.all(Array.from({ length: entries }, (_, n) => writer.append(entry(n))))
  await writer.close()
  writeFileSync(join(directory, 'in-use'), '1')
}

describe('a journal', () => {
  it('gives back what was appended, in order, also after it was closed', async () => {
    await filled(20)
    const read = [...(await journal()).read(1)]
    expect(read.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
    expect(read[7]?.entry).toEqual(entry(7))
  })

  it('never uses a number twice, even when everything was trimmed', async () => {
    await filled(5)
    const writer = await journal()
    await writer.trim(6)
    await writer.close()
    open.length = 0
    expect((await journal()).next).toBe(6)
  })

  it('refuses entries over its quota, and takes them again when there is room', async () => {
    const writer = await journal(200_000)
    let appended = 0
    await expect(
      (async () => {
        for (;;) {
          await writer.append(entry(1))
          appended++
        }
      })(),
    ).rejects.toMatchObject({ code: 'T2_JOURNAL_FULL', status: 503 })
    expect(appended).toBeGreaterThan(10)
    await writer.trim(writer.next)
    await writer.append(entry(1))
  })
})

describe('recovery', () => {
  it('leaves a journal alone that was closed in order', async () => {
    await filled(3)
    await markClosed(directory)
    truncateSync(data, 5000)
    expect(await recoverJournal(directory)).toBeUndefined()
  })

  /** Bytes up to the end of the last entry; the file is longer. */
  const used = () => {
    const bytes = readFileSync(data)
    return bytes.lastIndexOf(MAGIC) + HEADER + 9000
  }

  it('skips single damaged entries and counts them', async () => {
    await filled(50)
    const bytes = readFileSync(data)
    let at = bytes.indexOf(MAGIC, used() / 2)
    // Short ones share a page, of which there may be an older copy.
    while (bodyLength(bytes.subarray(at)) < 9000) at = bytes.indexOf(MAGIC, at + 1)
    const inside = at + 50
    const file = openSync(data, 'r+')
    writeSync(file, Buffer.from('damage'), 0, 6, inside)
    closeSync(file)
    expect(await recoverJournal(directory)).toBeUndefined()
    expect(await inspectJournal(directory)).toMatchObject({ entries: 49, damaged: 1 })
  })

  it.each([1, 2, 3])('saves what can be found in a file torn at %i quarters', async (quarters) => {
    await filled(100)
    truncateSync(data, Math.floor((used() * quarters) / 4))
    const salvage = await recoverJournal(directory)
    expect(salvage?.entries).toBeGreaterThan(15 * quarters)
    const read = [...(await journal()).read(1)]
    expect(read).toHaveLength(salvage?.entries ?? 0)
    for (const { entry: found } of read) expect(found).toEqual(entry(Number(found?.receivedNs)))
  })

  it('starts anew where nothing can be found', async () => {
    await filled(10)
    writeFileSync(data, Buffer.alloc(50_000, 0xaa))
    expect(await recoverJournal(directory)).toMatchObject({ entries: 0 })
    const writer = await journal()
    expect(await writer.append(entry(1))).toBe(1)
  })

  it('works on a copy that was made while it was being written', async () => {
    const writer = await journal()
    await Promise.all(Array.from({ length: 30 }, (_, n) => writer.append(entry(n))))
    const copy = `${directory}-copy`
    cpSync(directory, copy, { recursive: true })
    expect(await inspectJournal(copy)).toMatchObject({ entries: 30, damaged: 0 })
  })
})
