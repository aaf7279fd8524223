import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { context, trace } from '@opentelemetry/api'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import { startSimulatedModel } from '@trace2/simulated-model'
import type { Proposal, Store } from '@trace2/store'
import type OpenAI from 'openai'
import { expect, onTestFinished } from 'vitest'

/** What the programs of others do, which know nothing of Trace2. */
export const prompt = 'Classify the ticket. Answer with one of: refund, shipping, other.'
export const tickets = [
  { ticket: 'Money back for the broken lamp, now.', label: 'refund', cue: 'money back' },
  { ticket: 'My lamp has not arrived and I am waiting.', label: 'shipping', cue: 'not arrived' },
  { ticket: 'Do you sell gift cards?', label: 'other', cue: 'gift cards' },
] as const

/** Tracing as such a program sets it up: a stock exporter and the SDK. */
export function provider(exporter: SpanExporter): NodeTracerProvider {
  trace.disable()
  context.disable()
  const made = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  made.register()
  onTestFinished(() => made.shutdown())
  return made
}

/** Asks a model for the label of each ticket, with the client that the program has instrumented. */
export async function classifyAll(client: OpenAI): Promise<void> {
  for (const { ticket } of tickets) {
    await client.chat.completions.create({
      model: 'simulated-small',
      messages: [
        { role: 'system', content: prompt },
        { role: 'user', content: ticket },
      ],
    })
  }
}

/** The address of a model, simulated on the loopback. */
export async function model(): Promise<string> {
  const simulated = await startSimulatedModel({ seed: 1 })
  onTestFinished(() => simulated.close())
  return simulated.url
}

/** What a user says of the runs, long after them; then `trace2 optimize`, which sees nothing but the collector. */
export async function judgeAndOptimize(
  { url, store }: { readonly url: string; readonly store: Store },
  baseUrl: string,
): Promise<Proposal[]> {
  for (const run of await store.runs()) {
    const graph = await store.graph(run.id)
    const asked = JSON.stringify(graph.nodes.map(({ id: _, ...node }) => node))
    const expected = tickets.find(({ ticket }) => asked.includes(ticket))
    const answer = graph.nodes.find(({ id }) => id === graph.output)
    const right = answer?.kind === 'op' && answer.value === expected?.label
    await store.addFeedback({
      traceId: run.traceId,
      spanId: run.spanId,
      name: 'accuracy',
      score: right ? 1 : 0,
      comment: right
        ? 'Correct.'
        : `Expected "${expected?.label}": a ticket that mentions "${expected?.cue}" is a ${expected?.label}.`,
    })
  }
  await commandOptimize(url, baseUrl)
  return store.proposals()
}

async function commandOptimize(db: string, baseUrl: string): Promise<void> {
  const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, 'optimize', '--db', db], {
    env: {
      ...process.env,
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: baseUrl,
      TRACE2_MODEL: 'simulated-small',
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk
    })
  }
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code, said).toBe(0)
}
