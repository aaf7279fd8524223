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

/** Tells whether a collector offers a method of this name over HTTP. */
export function isApiMethod(name: string): name is ApiMethod {
  return apiMethods.some((method) => method === name)
}
