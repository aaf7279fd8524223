import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, sha256 } from '@trace2/core'
import {
  type ChatTransport,
  candidates,
  merge,
  openaiTransport,
  opro,
  optimize,
  optoPrime,
  recordAnswers,
  replayAnswers,
  type Strategy,
  textGrad,
} from '@trace2/optimizer'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { openStore } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordedAgent } from './support/recorded-agent.ts'

let model: Awaited<ReturnType<typeof startSimulatedModel>>
let directory: string
beforeAll(async () => {
  model = await startSimulatedModel({ seed: 1 })
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
})
afterAll(async () => {
  await model.close()
  await rm(directory, { recursive: true })
})

/** Everything that a step makes of a store with these spans: proposals, and each prompt with its answer. */
async function madeOf(
  batches: readonly (readonly SpanRecord[])[],
  strategy: Strategy,
  transport: ChatTransport,
): Promise<string> {
  const store = await openStore(':memory:')
  for (const spans of batches) await store.writeSpans([...spans])
  await optimize(store, { strategy, transport, model: CHAT_MODEL })
  const proposals = await store.proposals()
  const calls = await store.llmCalls(proposals.flatMap(({ llmCalls }) => llmCalls))
  await store.close()
  // When something was done is no part of what was done.
  const timeless = {
    proposals: proposals.map((proposal) => ({ ...proposal, createdAt: '' })),
    calls: calls.map((call) => ({ ...call, startedAt: '', endedAt: '' })),
  }
  for (const rows of Object.values(timeless)) rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  return canonicalJson(timeless)
}

/** The same spans in other orders, in one batch and in several. */
function orders(spans: readonly SpanRecord[]): SpanRecord[][][] {
  const mixed = spans.toSorted((a, b) => (sha256(a.spanId) < sha256(b.spanId) ? -1 : 1))
  return [
    [[...spans]],
    [spans.toReversed()],
    [mixed],
    [mixed.slice(0, 7), mixed.slice(7, 20), mixed.slice(20)],
    mixed.toReversed().map((span) => [span]),
  ]
}

// The hashes are kept here so that versions of Node and machines are compared through them. A change of a prompt's words
// changes them: `npx vitest run test/determinism.test.ts --update`, and once more with every other version of Node.
it('gives the same prompts and proposals for the same spans and answers, in whatever order they come', async () => {
  const strategies = {
    optoprime: optoPrime(),
    elements: optoPrime({ answer: 'elements' }),
    opro: opro(),
    textgrad: textGrad(),
    candidates: candidates(optoPrime(), { count: 2, variation: { kind: 'refine' } }),
    merge: merge(optoPrime(), { runsPerPart: 2 }),
  }
  const client = new OpenAI({ baseURL: model.url, apiKey: 'none' })
  const hashes: Record<string, string> = {}
  for (const [name, strategy] of Object.entries(strategies)) {
    const file = join(directory, `${name}.jsonl`)
    const [first = [], ...others] = orders(recordedAgent())
    const made = await madeOf(first, strategy, recordAnswers(openaiTransport(client), file))
    expect(made).toContain('"parameter":"triage.classify"')
    for (const other of others) {
      expect(await madeOf(other, strategy, replayAnswers(file))).toBe(made)
    }
    hashes[name] = sha256(made).slice(0, 16)
  }
  expect(hashes).toMatchInlineSnapshot(`
    {
      "candidates": "d5e34ec29d588ccb",
      "elements": "513ee234b5fe49b6",
      "merge": "f02e604a6cc49a9b",
      "opro": "f54d5e380e08dc62",
      "optoprime": "58d11827ad7bfcdc",
      "textgrad": "c4f2f25cc207fdca",
    }
  `)
}, 120_000)
