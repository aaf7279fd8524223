/** Milliseconds of silence after which Node's own fetch gives up, whatever its caller allows. */
export const ownPatienceMs = 300_000

/**
 * A `fetch` that waits as long as its caller does. Node's own ends after five minutes without a word, and cannot be told
 * otherwise; a small machine may need more to read one prompt.
 */
export const patientFetch: typeof fetch = async (input, init) => {
  loading ??= load()
  const { fetch, dispatcher } = await loading
  const options: object = { ...init, dispatcher }
  const response: unknown = await fetch(input instanceof Request ? input.url : input, options)
  // Node's own fetch in another version, whose types are apart from it.
  return response as Response
}

let loading: ReturnType<typeof load> | undefined

async function load() {
  const { Agent, fetch } = await import('undici')
  return { fetch, dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0 }) }
}
