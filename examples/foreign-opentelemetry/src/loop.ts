import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { startCollector } from '@trace2/collector'
import { optimize } from '@trace2/optimizer'
import OpenAI from 'openai'
import { type Ask, judge, prompt, type Sorted, sortMail } from './agent.ts'
import { mails } from './mails.ts'

/**
 * Sorts the mails, judges the runs, lets the optimizer propose a better prompt, and sorts them again with it. The
 * collector and the optimizer see nothing but the spans that arrive over OTLP/HTTP.
 *
 * @returns how many labels were right before and after.
 */
export async function improve(): Promise<{ readonly before: number; readonly after: number }> {
  const collector = await startCollector({ db: ':memory:', port: 0 })
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` })
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  provider.register()
  try {
    const first = await sortAll()
    for (const [i, { label, words }] of mails.entries()) {
      const sorted = first[i]
      if (!sorted) continue
      if (sorted.label === label) judge(sorted, 1, 'Right.')
      else judge(sorted, 0, words)
    }
    await provider.forceFlush()

    const { proposals } = await optimize(collector.store)
    if (proposals.length === 0) console.log('The optimizer proposes no change.\n')
    for (const { parameter, value } of proposals) {
      console.log(`Proposed for ${parameter}:\n${value}\n`)
      if (parameter === prompt.name && typeof value === 'string') prompt.value = value
    }
    return { before: right(first), after: right(await sortAll()) }
  } finally {
    await provider.shutdown()
    await collector.close()
  }
}

async function sortAll(): Promise<Sorted[]> {
  const client = new OpenAI()
  const ask: Ask = async (system, user) => {
    const { choices } = await client.chat.completions.create({
      model: process.env.TRACE2_MODEL ?? 'gpt-4o-mini',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
    })
    return choices[0]?.message.content ?? ''
  }
  const sorted: Sorted[] = []
  for (const { mail } of mails) sorted.push(await sortMail(mail, ask))
  return sorted
}

function right(sorted: readonly Sorted[]): number {
  return mails.filter(({ label }, i) => sorted[i]?.label === label).length
}
