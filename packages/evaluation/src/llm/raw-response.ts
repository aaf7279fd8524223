import { property } from './property.ts'

/** The response itself behind what a client was asked for; `undefined` of a client that does not give it. */
export async function rawResponse(asked: unknown): Promise<Response | undefined> {
  const asResponse = property(asked, 'asResponse')
  if (typeof asResponse !== 'function') return undefined
  const response: unknown = await asResponse.call(asked)
  return isResponse(response) ? response : undefined
}

/** By what it can do: servers replace the global class by one of their own. */
function isResponse(value: unknown): value is Response {
  const headers = property(value, 'headers')
  return (
    typeof property(headers, 'get') === 'function' && typeof property(value, 'text') === 'function'
  )
}
