import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { useTracerProvider } from '@trace2/instrumentation'
import { enableIsolation } from '@trace2/instrumentation/isolation'
import { agent, body, greet, part, polish, route, sign, subject, team } from './agent.ts'

const trainable = { greet, part, subject, body, polish, sign, team }

/** Prints what was recorded of the program, and what a change of one word does to each trainable function. */
async function main(): Promise<void> {
  await enableIsolation()
  const exporter = new InMemorySpanExporter()
  useTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  const results: string[] = [await agent('a billing ticket'), route('none', 1)]
  const call = async () => [
    greet('A'),
    part('B'),
    subject(' C '),
    body(' D '),
    polish(' E  F '),
    sign('G'),
    await team({ id: 'H' }),
  ]
  results.push(...(await call()))
  const operators = Object.fromEntries(
    exporter.getFinishedSpans().map(({ name, attributes }) => [
      name,
      {
        arguments: attributes['input.value'],
        source: attributes['trace2.op.source_hash'],
        description: attributes['trace2.op.description'],
        function: attributes['code.function.name'],
      },
    ]),
  )
  const code = Object.entries(trainable).map(([variable, { parameters }]) => {
    const [parameter] = parameters()
    return {
      variable,
      name: parameter?.name,
      source: parameter?.value,
      description: parameter?.description,
    }
  })
  // One after the other: a change of one must leave the others as they are.
  const changed: string[][] = []
  for (const { parameters } of Object.values(trainable)) {
    const [parameter] = parameters()
    parameter?.update(parameter.value.replace('Dear', 'Hello'))
    changed.push(await call())
  }
  console.log(JSON.stringify({ results, operators, code, changed }))
}

void main()
