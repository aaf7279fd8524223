import { afterAll, describe, expect, it } from 'vitest'
import {
  checkTraces,
  decodeTraces,
  encodeTraces,
  type SpanRecord,
  splitRequest,
  transcode,
} from '../../../otlp/index.ts'
import { dimensions } from '../../../testing/work/dimensions.ts'
import { growthOf } from '../../../testing/work/linear.ts'
import { openDatabase } from '../duckdb-store.ts'
import { SpanPreparer } from './span-preparer.ts'

const { store, writer } = await openDatabase(':memory:')
afterAll(() => store.close())

type Step = (spans: readonly SpanRecord[]) => () => void

const jsonOf = (body: Uint8Array) => transcode('traces', body, 'protobuf', 'json').body

/** What is done to a request between its arrival and the transaction that writes its rows. */
const steps: Readonly<Record<string, Step>> = {
  'checks protobuf': (spans) => {
    const body = encodeTraces(spans)
    return () => checkTraces(body, 'protobuf')
  },
  'decodes protobuf': (spans) => {
    const body = encodeTraces(spans)
    return () => decodeTraces(body, 'protobuf')
  },
  'decodes JSON': (spans) => {
    const body = jsonOf(encodeTraces(spans))
    return () => decodeTraces(body, 'json')
  },
  'encodes what is forwarded': (spans) => () => encodeTraces(spans),
  'translates protobuf': (spans) => {
    const body = encodeTraces(spans)
    return () => transcode('traces', body, 'protobuf', 'json')
  },
  'translates JSON': (spans) => {
    const body = jsonOf(encodeTraces(spans))
    return () => transcode('traces', body, 'json', 'protobuf')
  },
  'splits it': (spans) => {
    const body = encodeTraces(spans)
    return () => splitRequest('traces', 'protobuf', body)
  },
  'reads it and lays out its rows': (spans) => {
    const preparer = new SpanPreparer(writer.storedSoFar)
    return () => {
      const preparation = preparer.begin()
      for (const span of spans) preparation.addSpan(span, 1n)
      preparation.end()
    }
  },
}

describe.each(Object.entries(steps))('what %s', (_, step) => {
  it.each(Object.entries(dimensions))('takes work in proportion to its %s', (_name, spansOf) => {
    const { large, most } = growthOf((size) => step(spansOf(size)))
    expect(large).toBeLessThan(most)
  })
})
