import type { AnyValue, SpanRecord } from '../otlp/records.ts'
import { span } from './spans.ts'

/** Attributes in which reading finds a defect of ours. */
class Unreadable extends Map<string, AnyValue> {
  override get(key: string): AnyValue | undefined {
    if (key === 'gen_ai.operation.name') throw new RangeError('Maximum call stack size exceeded')
    return super.get(key)
  }
}

/** A span that can be stored as it was received, and whose reading fails. */
export function unreadable(id = 'f00d'): SpanRecord {
  const attributes = [
    ['gen_ai.operation.name', 'chat'],
    ['gen_ai.input.messages', '[{"role":"user","content":"Hello."}]'],
  ] as const
  return { ...span({ id }), attributes: new Unreadable(attributes) }
}
