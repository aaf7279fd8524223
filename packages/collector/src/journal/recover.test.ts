import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { bodyLength, HEADER, MAGIC } from './entry.ts'
import { Journal } from './journal.ts'
import { inspectJournal, recoverJournal } from './recover.ts'

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
  it('changes nothing of a sound journal', async () => {
    await filled(20)
    expect(await recoverJournal(directory)).toBeUndefined()
    expect([...(await journal()).read(1)]).toHaveLength(20)
  })

  /** Bytes up to the end of the last entry; the file is longer. */
  const used = () => {
    const bytes = readFileSync(data)
    return bytes.lastIndexOf(MAGIC) + HEADER + 9000
  }

  it('saves all entries but single damaged ones, which it counts', async () => {
    await filled(50)
    const bytes = readFileSync(data)
    let at = bytes.indexOf(MAGIC, used() / 2)
    // Short ones share a page, of which there may be an older copy.
    while (bodyLength(bytes.subarray(at)) < 9000) at = bytes.indexOf(MAGIC, at + 1)
    const inside = at + 50
    const file = openSync(data, 'r+')
    writeSync(file, Buffer.from('damage'), 0, 6, inside)
    closeSync(file)
    expect(await inspectJournal(directory)).toMatchObject({ entries: 49, damaged: 1 })
    const salvage = await recoverJournal(directory)
    expect(salvage).toMatchObject({ entries: 49, lost: 1 })
    expect(existsSync(join(salvage?.aside ?? '', 'data.mdb'))).toBe(true)
    const writer = await journal()
    // The pages of the damaged entry could not be let go of.
    await writer.trim(writer.next)
    expect(writer.usage().entries).toBe(0)
  })

  it('leaves the other files of the directory where they are', async () => {
    await filled(5)
    writeFileSync(join(directory, 'lock'), 'held')
    truncateSync(data, 5000)
    await recoverJournal(directory)
    expect(readFileSync(join(directory, 'lock'), 'utf8')).toBe('held')
    expect(readdirSync(directory)).not.toContain('salvaged')
  })

  it('goes on with a salvage that was ended at any step', async () => {
    await filled(30)
    // Ended while it was made: begun anew.
    await Journal.open(join(directory, 'salvaged.unfinished')).then((half) => half.close())
    // Ended before its file took the place of the damaged one.
    mkdirSync(join(directory, 'salvaged'))
    renameSync(data, join(directory, 'salvaged', 'data.mdb'))
    expect(await recoverJournal(directory)).toBeUndefined()
    expect([...(await journal()).read(1)]).toHaveLength(30)
    expect(readdirSync(directory)).not.toContain('salvaged.unfinished')
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
