import type { AnyValue, SpanEvent } from '../otlp/records.ts'
import { canonicalRows } from '../reading/canonical-span.ts'
import { span } from './spans.ts'

/** Attributes of a span; values that are objects stand in it as JSON texts. */
export type Values = Readonly<Record<string, unknown>>

interface Sketch {
  readonly name?: string
  readonly events?: readonly Partial<SpanEvent>[]
}

/** What is read of a span, with its values as they are and its parameters as pairs of name and value. */
export function readSpan(values: Values, { name = 'call', events = [] }: Sketch = {}) {
  const attributes = Object.fromEntries(
    Object.entries(values).map(([key, value]): [string, AnyValue] => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : (value as AnyValue),
    ]),
  )
  const blank = { timeNs: 0n, name: '', attributes: new Map(), droppedAttributesCount: 0 }
  const own = { events: events.map((event) => ({ ...blank, ...event })) }
  const { span: canonical, parameters } = canonicalRows({
    ...span({ id: '1', name, attributes }),
    ...own,
  })
  const said = (captured: { readonly json: string } | null) =>
    captured && (JSON.parse(captured.json) as unknown)
  return {
    ...canonical,
    input: said(canonical.input),
    output: said(canonical.output),
    parameters: parameters.map(({ name: of, value }) => [of, JSON.parse(value)]),
  }
}
