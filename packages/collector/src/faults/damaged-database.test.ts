import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { openStore } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { beforeAll, describe, expect, it } from 'vitest'
import { span, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { doctor } from '../doctor/doctor.ts'
import { salvage } from '../doctor/salvage.ts'
import { FAULTS, FULL_LENGTH } from '../testing/child-collector.ts'

const directory = temporaryDirectory()
const sound = join(directory, 'sound.duckdb')
const SPANS = 6000
/** DuckDB: three headers of 4 KiB, then blocks of 256 KiB, each with a checksum. */
const HEADERS = 12_288
const BLOCK = 262_144
let blocks: number

beforeAll(async () => {
  const store = await openStore(sound)
  for (let from = 0; from < SPANS; from += 2000) {
    const spans = Array.from({ length: 2000 }, (_, i) => {
      const n = from + i + 1
      const attributes = {
        'trace2.kind': 'op',
        'output.value': `answer ${n} ${Math.sin(n)}${Math.cos(n)}`,
        long: `${Math.sin(n)} `.repeat(100),
        'trace2.param.version.p': 'v1',
        'trace2.param.value.p': '"a prompt"',
      }
      return span({
        trace: (1 + Math.floor(n / 10)).toString(16),
        id: n.toString(16),
        at: n,
        attributes,
      })
    })
    await store.writeSpans(spans)
  }
  await store.addFeedback({ traceId: traceId('1'), spanId: null, name: 'good', score: 1 })
  await store.close()
  blocks = Math.floor((statSync(sound).size - HEADERS) / BLOCK)
}, 60_000)

let copies = 0
/** A copy with one byte changed somewhere in a block. */
function damagedAt(block: number): string {
  const path = join(directory, `${copies++}.duckdb`)
  copyFileSync(sound, path)
  const at = HEADERS + block * BLOCK + 1000 + ((block * 7919) % 200_000)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.of((readFileSync(path)[at] ?? 0) ^ 0x40), 0, 1, at)
  closeSync(file)
  return path
}

const chosen = () =>
  Array.from({ length: blocks }, (_, block) => block).filter(
    (block) => FULL_LENGTH || block % Math.ceil(blocks / (2 * FAULTS)) === 0,
  )

describe('a database file with a damaged block', () => {
  it('is received into, looked at and copied from, whichever block it is', {
    timeout: FULL_LENGTH ? 1_800_000 : 300_000,
  }, async () => {
    const outcomes: Record<string, number> = {}
    let worst = 0
    for (const block of chosen()) {
      const path = damagedAt(block)
      const collector = await startCollector({ db: path, port: 0 })
      for (let i = 0; i < 3; i++) {
        const response = await fetch(`${collector.url}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: Buffer.from(encodeTraces([span({ trace: 'ffff', id: `ffff${i}`, at: SPANS + i })])),
        })
        expect(response.status).toBe(200)
      }
      const arrived = async () => {
        const query = `SELECT count(*) FROM v_span WHERE trace_id = '${traceId('ffff')}'`
        return (await collector.store.sql(query)).rows
      }
      await expect.poll(() => collector.stats().stored, { timeout: 60_000 }).toBe(3)
      // A query that needs the damaged block fails, and says so; what was received is there all the same.
      const seen = await arrived().catch((error: { code?: string }) => error.code)
      expect(JSON.stringify(seen)).toMatch(/^(\[\[3\]\]|"T2_STORE_DAMAGED")$/)
      await collector.close()

      const aside = readdirSync(directory).find(
        (name) => name.startsWith(`${basename(path)}.damaged-`) && !name.endsWith('.wal'),
      )
      const findings = await doctor(path)
      const found = findings.filter(({ severity }) => severity !== 'ok').map(({ check }) => check)
      const from = aside === undefined ? path : join(directory, aside)
      const into = aside === undefined ? `${path}.new` : path
      const saved = await salvage(from, into).catch((error: Error) => error)
      if (saved instanceof Error) {
        // The catalog itself is gone: nothing can be read, and that is said.
        expect(saved).toMatchObject({ code: 'T2_STORE_DAMAGED' })
        expect(found).toContain('damaged files')
        outcomes.unreadable = (outcomes.unreadable ?? 0) + 1
        continue
      }
      const lost = saved.reduce((sum, table) => sum + table.lost + table.incomplete, 0)
      if (aside === undefined) expect(found.includes('damaged blocks')).toBe(lost > 0)
      else expect(found).toContain('damaged files')
      const store = await openStore(into)
      const { rows } = await store.sql('SELECT count(*), count(DISTINCT span_id) FROM v_span')
      const lostOf = (name: string) => saved.find(({ table }) => table === name)?.lost ?? 0
      const lostSpans = lostOf('span')
      expect(rows).toEqual([[SPANS + 3 - lostSpans, SPANS + 3 - lostSpans]])
      worst = Math.max(worst, lostSpans)
      expect(await store.feedback([traceId('1')])).toHaveLength(1 - lostOf('feedback'))
      expect((await store.runs({ limit: 5 })).length).toBeGreaterThan(0)
      await store.close()
      const outcome = `${aside ? 'set aside' : 'written on'}, ${lost > 0 ? 'rows lost' : 'nothing lost'}`
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    if (FULL_LENGTH)
      console.log(`${blocks} blocks:`, outcomes, `at most ${worst} of ${SPANS} spans lost`)
    expect(Object.keys(outcomes).length).toBeGreaterThan(0)
  })

  it('adds to a database what that has not, once', async () => {
    const path = join(directory, 'other.duckdb')
    const store = await openStore(path)
    await store.writeSpans([
      span({ id: '1', trace: '1', at: 1 }),
      span({ id: 'eeee', trace: 'e0e0e0' }),
    ])
    await store.close()
    for (let i = 0; i < 2; i++) await salvage(sound, path)
    const merged = await openStore(path)
    const { rows } = await merged.sql('SELECT count(*), count(DISTINCT span_id) FROM v_span')
    expect(rows).toEqual([[SPANS + 1, SPANS + 1]])
    expect(await merged.feedback()).toHaveLength(1)
    expect((await merged.runs({ limit: SPANS })).length).toBe(SPANS / 10 + 2)
    await merged.close()
    expect(existsSync(`${path}.salvage`)).toBe(false)
  })
})
