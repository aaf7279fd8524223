import { IncomingMessage } from 'node:http'

/** A mask for `start`: of a request only what was asked for is recorded, never who asked (cookies, keys, addresses). */
export function withoutCredentials(value: unknown): unknown {
  if (!(value instanceof IncomingMessage)) return value
  const { method, url } = value
  return { method, url, ...('body' in value && { body: value.body }) }
}
