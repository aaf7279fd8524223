import type { AnyValue, SpanRecord } from '../../otlp/records.ts'
import { span, spanId } from '../spans.ts'
import type { Spelling } from './spellings.ts'
import { agent, type Exchange, first, second, tool } from './story.ts'

/** The spans of the run in a dialect. */
export function runIn(spelling: Spelling, trace = 'a'): SpanRecord[] {
  const parent = '1'
  const chat = (id: string, at: number, exchange: Exchange) => {
    const events = spelling.events?.(exchange) ?? []
    return span({
      trace,
      id,
      parent,
      at,
      name: 'model',
      attributes: spelling.chat(exchange),
      events,
    })
  }
  return [
    span({ trace, id: '1', at: 0, name: agent, attributes: spelling.agent }),
    chat('2', 1, first),
    span({ trace, id: '3', parent, at: 2, name: tool.name, attributes: spelling.tool }),
    chat('4', 3, second),
  ]
}

/** The events of the run's model calls, as logs of their spans. */
export function logsOf(spelling: Spelling): { spanId: string; name: string; body: AnyValue }[] {
  return [
    { id: '2', exchange: first },
    { id: '4', exchange: second },
  ].flatMap(({ id, exchange }) =>
    (spelling.events?.(exchange) ?? []).map(({ name, attributes }) => ({
      spanId: spanId(id),
      name,
      body: JSON.parse(String(attributes['gen_ai.event.content'])),
    })),
  )
}
