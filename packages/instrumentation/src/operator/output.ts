import type { Producer, Scope } from '../lineage/producer.ts'

/** What a call gives: an object that a stream yields belongs to it before the rest is known. */
export interface Output extends Producer {
  readonly scope: Scope
  text: string
  isString: boolean
  texts: Producer['texts']
  returned: readonly Producer[]
}

export function newOutput(scope: Scope): Output {
  const { traceId, spanId } = scope
  const origin = { kind: 'span' as const, traceId, spanId, pointer: '' }
  return { origin, scope, text: 'null', isString: false, texts: undefined, returned: [] }
}
