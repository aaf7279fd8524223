import { Trace2Error } from '@trace2/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FULL_LENGTH } from '../../../collector/src/testing/child-collector.ts'
import { openStore } from '../open.ts'
import { readCorpus, type Seed } from '../testing/fuzz/corpus.ts'
import { anyJson, mutations } from '../testing/fuzz/mutations.ts'
import { span } from '../testing/spans.ts'
import { field } from '../testing/wire.ts'
import { checkTraces, decodeLogs, decodeTraces } from './decode.ts'
import { encodeTraces } from './encode-protobuf.ts'
import type { AnyValue, Attributes, SpanRecord } from './records.ts'
import { transcode } from './transcode/transcode.ts'

/** At full length each property is tried for two minutes. */
const length = FULL_LENGTH
  ? { numRuns: 10_000_000, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false }
  : { numRuns: 400 }
const timeout = FULL_LENGTH ? 180_000 : 60_000
/** For requests of some kilobytes; a slow one is one that somebody can send often. */
const SLOW_MS = 1000

const corpus = readCorpus()
const bodies = corpus.map(({ body }) => body)
const changed = fc.tuple(fc.constantFrom(...corpus), mutations).map(([seed, changes]) => {
  const body = changes.reduce<Buffer>((bytes, change) => change(bytes, bodies), seed.body)
  return { ...seed, body }
})

/** What was read, or the code of the error that refused it; anything else is a defect. */
function attempted<T>(read: () => T): T | string {
  const began = process.cpuUsage()
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Trace2Error)) throw error
    expect(error.code).toMatch(/^T2_OTLP_/)
    expect([400, 413]).toContain(error.status)
    return error.code
  } finally {
    // Of processor time: whoever else uses the machine is no matter.
    const { user, system } = process.cpuUsage(began)
    expect((user + system) / 1000).toBeLessThan(SLOW_MS)
  }
}

const read = ({ signal, encoding, body }: Seed) =>
  attempted(() => (signal === 'logs' ? decodeLogs(body, encoding) : decodeTraces(body, encoding)))

/** As UTF-8 has it: a lone surrogate cannot be sent. */
function wellFormed(value: AnyValue): AnyValue {
  if (typeof value === 'string') return value.toWellFormed()
  if (value instanceof Map) return attributes(value)
  return Array.isArray(value) ? value.map(wellFormed) : value
}
const attributes = (map: Attributes): Attributes =>
  new Map([...map].map(([key, value]) => [key.toWellFormed(), wellFormed(value)]))

function sendable(record: SpanRecord): SpanRecord {
  const { resource, scope, status } = record
  const withAttributes = <T extends { attributes: Attributes }>(part: T): T => ({
    ...part,
    attributes: attributes(part.attributes),
  })
  return {
    ...withAttributes(record),
    name: record.name.toWellFormed(),
    traceState: record.traceState.toWellFormed(),
    status: { ...status, message: status.message.toWellFormed() },
    events: record.events.map((event) => ({
      ...withAttributes(event),
      name: event.name.toWellFormed(),
    })),
    links: record.links.map((link) => ({
      ...withAttributes(link),
      traceState: link.traceState.toWellFormed(),
    })),
    resource: { ...withAttributes(resource), schemaUrl: resource.schemaUrl.toWellFormed() },
    scope: {
      ...withAttributes(scope),
      name: scope.name.toWellFormed(),
      version: scope.version.toWellFormed(),
      schemaUrl: scope.schemaUrl.toWellFormed(),
    },
  }
}

describe('whatever is sent', () => {
  it('is read, or refused with a code, in little time, and checked as it is read', {
    timeout,
  }, () => {
    fc.assert(
      fc.property(changed, (seed) => {
        const found = read(seed)
        if (seed.signal === 'logs') return
        const checked = attempted(() => checkTraces(seed.body, seed.encoding))
        if (typeof found === 'string' || typeof checked === 'string' || 'records' in found) {
          expect(checked).toBe(found)
          return
        }
        const { spans, rejected, errors } = found
        expect(checked).toEqual({ taken: spans.length, rejected, errors })
      }),
      length,
    )
  })

  it('is the same when it is written again and read again', { timeout }, () => {
    fc.assert(
      fc.property(changed, (seed) => {
        const found = read(seed)
        if (typeof found === 'string' || !('spans' in found)) return
        const { spans, rejected } = decodeTraces(encodeTraces(found.spans), 'protobuf')
        expect(rejected).toBe(0)
        expect(new Set(spans.map(idsOf))).toEqual(new Set(found.spans.map(idsOf)))
        // Spans of one resource come together.
        const sorted = (records: readonly SpanRecord[]) =>
          records
            .map((record, i) => ({ record, i }))
            .toSorted((a, b) => {
              const [left, right] = [idsOf(a.record), idsOf(b.record)]
              return left < right ? -1 : left > right ? 1 : a.i - b.i
            })
            .map(({ record }) => record)
        const unique = (records: readonly SpanRecord[]) =>
          new Set(records.map(idsOf)).size === records.length
        if (unique(spans)) expect(sorted(spans)).toEqual(sorted(found.spans).map(sendable))
      }),
      length,
    )
  })
})

const idsOf = ({ traceId, spanId }: SpanRecord) => traceId + spanId

it('whatever is taken can be put into the other encoding, for those that it is forwarded to', {
  timeout,
}, () => {
  fc.assert(
    fc.property(changed, (seed) => {
      const found = read(seed)
      if (typeof found === 'string') return
      const { signal, encoding, body } = seed
      transcode(signal, body, encoding, encoding === 'json' ? 'protobuf' : 'json')
    }),
    length,
  )
})

describe('a batch with a bad span in it', () => {
  const good = ['1', '2', '3'].map((id) => span({ id, trace: 'abc', attributes: { text: id } }))
  const names = (records: readonly SpanRecord[]) =>
    records.filter(({ traceId }) => traceId.endsWith('abc')).map(({ name }) => name)

  it('keeps the good ones, in protobuf', { timeout }, () => {
    // The bytes of a span alone, which the request's own fields say the length of.
    const inner = (one: SpanRecord) => {
      const whole = Buffer.from(encodeTraces([{ ...one, scope: bare, resource: none }]))
      return whole.subarray(whole.indexOf(Buffer.of(0x0a, 0x10)))
    }
    const none = { attributes: new Map(), schemaUrl: '' }
    const bare = { name: '', version: '', attributes: new Map(), schemaUrl: '' }
    const [first, second, third] = good.map(inner)
    const victim = inner(
      span({ id: 'd', trace: 'd', attributes: { a: [1n, new Map([['b', 'c']])] } }),
    )
    fc.assert(
      fc.property(mutations, (changes) => {
        const bad = changes.reduce<Buffer>((bytes, change) => change(bytes, bodies), victim)
        const spans = [first, bad, second, third].map((bytes) => field(2, bytes ?? ''))
        const found = attempted(() => decodeTraces(field(1, field(2, ...spans)), 'protobuf'))
        // Bytes that make it a log make the request one of logs.
        if (found === 'T2_OTLP_WRONG_SIGNAL') return
        expect(typeof found === 'string' ? found : names(found.spans)).toEqual(['1', '2', '3'])
      }),
      length,
    )
  })

  it('keeps the good ones, in JSON', { timeout }, () => {
    const ids = { traceId: '0'.repeat(29) + 'abc' }
    const plain = ['1', '2', '3'].map((id) => ({ ...ids, spanId: id.padStart(16, '0'), name: id }))
    const keys = [
      'traceId',
      'spanId',
      'parentSpanId',
      'attributes',
      'events',
      'links',
      'status',
      'kind',
      'name',
      'startTimeUnixNano',
      'flags',
      'droppedAttributesCount',
    ]
    const bad = fc.oneof(
      anyJson,
      fc.dictionary(fc.constantFrom(...keys), anyJson),
      fc.array(fc.record({ key: anyJson, value: anyJson })).map((attributes) => ({
        traceId: 'd'.repeat(32),
        spanId: 'd'.repeat(16),
        attributes,
      })),
    )
    fc.assert(
      fc.property(bad, fc.oneof(fc.constant(undefined), anyJson), (one, resource) => {
        const groups = [
          { scopeSpans: [{ spans: [plain[0], one, plain[1]] }] },
          { resource, scopeSpans: [{ scope: resource, spans: [plain[2]] }] },
        ]
        const body = Buffer.from(JSON.stringify({ resourceSpans: groups }))
        const found = attempted(() => decodeTraces(body, 'json'))
        expect(typeof found === 'string' ? found : names(found.spans)).toEqual(['1', '2', '3'])
      }),
      length,
    )
  })
})

it('what can be read can be stored, and the run that it is part of looked at', {
  timeout: timeout * 2,
}, async () => {
  const store = await openStore(':memory:')
  const some = FULL_LENGTH ? 20_000 : 400
  const seeds = fc.sample(changed, some)
  const batches = Array.from({ length: some / 100 }, (_, i) => seeds.slice(i * 100, i * 100 + 100))
  // Now and then no change leaves anything that can be read; unchanged, all can.
  for (const batch of [...batches, corpus]) {
    const spans = batch.flatMap((seed) => {
      const found = read(seed)
      return typeof found !== 'string' && 'spans' in found ? found.spans : []
    })
    const { accepted, duplicates } = await store.writeSpans(spans)
    expect(accepted + duplicates).toBe(spans.length)
  }
  const runs = await store.runs({ limit: 50 })
  expect(runs.length).toBeGreaterThan(0)
  for (const { id } of runs) await store.graph(id)
  await store.close()
})
