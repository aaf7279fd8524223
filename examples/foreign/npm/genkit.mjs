// Genkit, with its own spans.
import { openAI } from '@genkit-ai/compat-oai/openai'
import { genkit, z } from 'genkit'
import { enableTelemetry, flushTracing } from 'genkit/tracing'
import { OTLPTraceExporter } from 'genkit-otlp'
import { BatchSpanProcessor } from 'genkit-sdk-trace'
import { editor, finish, lookupOrder, questions, refundPolicy, support } from './shared/job.mjs'

await enableTelemetry({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
const ai = genkit({ plugins: [openAI()], model: openAI.model('gpt-4o-mini') })

const tool = ({ name, description, run }, inputSchema) =>
  ai.defineTool({ name, description, inputSchema, outputSchema: z.string() }, async (input) =>
    run(input),
  )
const tools = [
  tool(lookupOrder, z.object({ order_id: z.string() })),
  tool(refundPolicy, z.object({ country: z.string() })),
]
const orderSupport = ai.defineFlow(
  { name: support.name, inputSchema: z.string(), outputSchema: z.string() },
  async (prompt) => (await ai.generate({ system: support.prompt, prompt, tools })).text,
)
const chain = ai.defineFlow(
  { name: 'chain', inputSchema: z.string(), outputSchema: z.string() },
  async (question) => {
    const prompt = await orderSupport(question)
    return (await ai.generate({ system: editor.prompt, prompt })).text
  },
)

for (const question of questions) await orderSupport(question)
await chain(questions[0])

await flushTracing()
finish('Genkit', 'genkit')
