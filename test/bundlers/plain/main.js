import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { useTracerProvider } from '@trace2/instrumentation'
import { agent } from './agent.js'
import { said } from './said.js'

/** Prints what was recorded of two runs, and what the library said. */
async function main() {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  useTracerProvider(new BasicTracerProvider({ spanProcessors }))
  for (const ticket of ['I was charged twice.', 'Where is it?']) await agent(ticket)
  const operators = exporter.getFinishedSpans().map(({ name, attributes }) => ({
    name,
    arguments: attributes['input.value'],
    source: attributes['trace2.op.source_hash'],
    description: attributes['trace2.op.description'],
  }))
  console.log(JSON.stringify({ operators, said }))
}

void main()
