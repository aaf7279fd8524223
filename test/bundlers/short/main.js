import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { useTracerProvider } from '@trace2/instrumentation'
// Hears what is said when functions are bundled.
import { said } from '../plain/said.js'
import { Desk, double, ended, first, join, tight, trimmed } from './steps.ts'
import { plain } from './tight.js'

/** Prints what was recorded of functions whose author likes short names, and what the library said. */
function main() {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  useTracerProvider(new BasicTracerProvider({ spanProcessors }))
  double(2)
  join('a', 'b')
  trimmed('a')
  ended('a')
  first(['a'])
  new Desk().up('a')
  tight(2)
  plain(2)
  const inputs = exporter.getFinishedSpans().map(({ name, attributes }) => {
    return `${name} ${attributes['input.value']}`
  })
  console.log(JSON.stringify({ inputs, said }))
}

main()
