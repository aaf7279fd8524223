import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { openaiTransport, recordAnswers, replayAnswers } from '@trace2/evaluation/llm'
import { useTracerProvider } from '@trace2/instrumentation/live'
import { openStore, type Proposal, type Store } from '@trace2/store'
import { decodeTraces } from '@trace2/store/otlp'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { merge, optoPrime, textGrad } from '../optimizers/index.ts'
import { testAgent } from '../testing/agent.ts'
import { optimize } from './optimize.ts'

const model = 'simulated-small'

/** Spans of four runs of the small agent with feedback, and the name of its text. */
async function recorded(): Promise<{ spans: ReadableSpan[]; greeting: string }> {
  const agent = await testAgent()
  const exporter = new InMemorySpanExporter()
  useTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  for (const [ticket, comment] of [
    ['One', 'Be warmer.'],
    ['Two', 'Use my name.'],
    ['Three', 'Too short.'],
    ['Four', 'Be warmer, please.'],
  ] as const) {
    agent.answer(ticket, { score: 0, comment })
  }
  useTracerProvider(undefined)
  await agent.store.close()
  return { spans: exporter.getFinishedSpans(), greeting: agent.greeting }
}

async function storeOf(spans: readonly ReadableSpan[]): Promise<Store> {
  const store = await openStore(':memory:')
  const body = ProtobufTraceSerializer.serializeRequest([...spans])
  if (body) await store.writeSpans(decodeTraces(body, 'protobuf').spans)
  return store
}

/** Answers like a model: the same question gets the same answer, another one another. */
function answering(greeting: string) {
  return chatServer(({ messages }) => {
    const text = messages.at(-1)?.content ?? ''
    if (text.startsWith('An operator called')) return '{"criticism":"Warmer."}'
    return JSON.stringify({
      reasoning: 'r',
      suggestion: { [greeting]: `Dear friend, in ${text.length} ways` },
    })
  })
}

const timeless = (proposals: readonly Proposal[]) =>
  JSON.stringify(
    proposals
      .map((proposal) => ({ ...proposal, createdAt: '' }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  )

/** A store that breaks at its n-th write of a step, before or after doing it, as a kill would. */
function dying(store: Store, at: number, when: 'before' | 'after'): Store {
  let writes = 0
  const breaking = new Set<PropertyKey>(['putLlmCall', 'addProposals'])
  return new Proxy(store, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      if (!breaking.has(property)) return method.bind(target)
      return async (...args: unknown[]) => {
        writes++
        if (writes >= at && (writes > at || when === 'before')) throw new Error('killed')
        const result: unknown = await method.apply(target, args)
        if (writes === at) throw new Error('killed')
        return result
      }
    },
  })
}

describe('a campaign that is killed and started again', () => {
  it.each([
    ['merge', () => merge(optoPrime(), { runsPerPart: 2 })],
    ['textgrad', () => textGrad({ runs: 2 })],
  ] as const)(
    '%s ends as if it had not been, and asks nothing twice that was recorded',
    async (_name, strategy) => {
      const { spans, greeting } = await recorded()
      const once = await storeOf(spans)
      await using quiet = await answering(greeting)
      const options = { model, strategy: strategy(), parameters: [greeting], concurrency: 1 }
      await optimize(once, { ...options, client: quiet.client })
      const expected = timeless(await once.proposals())
      const calls = quiet.bodies.length
      await once.close()

      let finished = false
      for (let at = 1; !finished; at++) {
        expect(at).toBeLessThan(50)
        for (const when of ['before', 'after'] as const) {
          const store = await storeOf(spans)
          await using server = await answering(greeting)
          const run = optimize(dying(store, at, when), { ...options, client: server.client })
          finished = await run.then(
            () => true,
            () => false,
          )
          await optimize(store, { ...options, client: server.client })
          expect(timeless(await store.proposals())).toBe(expected)
          const { rows } = await store.sql("SELECT count(*) FROM v_llm_call WHERE status = 'done'")
          expect(rows).toEqual([[calls]])
          // An answer that was never stored, because the kill came in between, is the one thing asked for again.
          const lost = at % 2 === 0 && when === 'before' && at <= calls * 2 ? 1 : 0
          expect(server.bodies.length).toBe(calls + lost)
          await store.close()
        }
      }
    },
    120_000,
  )
})

describe('proposals', () => {
  it('are the same whatever the order in which spans arrived', async () => {
    const { spans, greeting } = await recorded()
    const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
    await using server = await answering(greeting)
    const options = { model, strategy: merge(optoPrime(), { runsPerPart: 2 }) }
    const results: string[] = []
    for (const [at, order] of [spans, spans.toReversed(), spans.toSorted(byId)].entries()) {
      const store = await storeOf(order)
      const transport =
        at === 0 ? recordAnswers(openaiTransport(server.client), file) : replayAnswers(file)
      await optimize(store, { ...options, transport })
      results.push(timeless(await store.proposals()))
      await store.close()
    }
    expect(results[0]).not.toBe('[]')
    expect(new Set(results).size).toBe(1)
  })
})

function byId(a: ReadableSpan, b: ReadableSpan): number {
  return a.spanContext().spanId < b.spanContext().spanId ? -1 : 1
}
