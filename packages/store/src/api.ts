import { adminMethods, queryMethods, recordMethods } from './engines/index.ts'
import type { Store } from './store.ts'

/** Methods of {@link Store} that travel as a JSON array of arguments and a JSON result, at `/api/v1/<method>`. */
export const apiMethods = [
  ...queryMethods,
  'graph',
  ...recordMethods,
  ...adminMethods,
] as const satisfies readonly (keyof Store)[]

/** Name of a method that a collector offers over HTTP. */
export type ApiMethod = (typeof apiMethods)[number]

/**
 * Path of a method; `graphs` answers with a line of JSON per graph, `writeSpans` takes OTLP protobuf and `writeLogs`
 * OTLP JSON.
 */
export function apiPath(method: ApiMethod | 'graphs' | 'writeSpans' | 'writeLogs'): string {
  return `/api/v1/${method}`
}

/** Methods that run what a person wrote, and are ended where the one who asked has gone. */
const interruptibleMethods = ['sql', 'runs'] as const satisfies readonly ApiMethod[]

/** Tells whether a method is one of those that {@link callInterruptible} calls. */
export function isInterruptible(name: string): name is (typeof interruptibleMethods)[number] {
  return interruptibleMethods.some((method) => method === name)
}

/** Calls a method with arguments from elsewhere, and with a signal that ends it. */
export function callInterruptible(
  store: Store,
  method: (typeof interruptibleMethods)[number],
  args: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  const [first] = args
  if (method === 'sql') return Reflect.apply(store.sql, store, [first, { signal }])
  const query = typeof first === 'object' && first !== null ? first : {}
  return Reflect.apply(store.runs, store, [{ ...query, signal }])
}

/** Tells whether a collector offers a method of this name over HTTP. */
export function isApiMethod(name: string): name is ApiMethod {
  return apiMethods.some((method) => method === name)
}
