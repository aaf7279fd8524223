import { errorWords, isPage } from './error-words.ts'

type Fetch = typeof fetch

/** Most of an error's body that is read. */
const longestBody = 64 * 1024

/**
 * A `fetch` whose refusals can be read through the `openai` client. The client knows one form of error and calls all
 * others "no body", so that the words by which an endpoint refuses a part of a request would be lost; here they are
 * put into the one form that it knows.
 */
export function tellingFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.ok) return response
    const body = await startOf(response, longestBody)
    const error = { ...errorWords(body), page: isPage(body) }
    const headers = new Headers(response.headers)
    headers.set('content-type', 'application/json')
    for (const name of ['content-length', 'content-encoding']) headers.delete(name)
    return new Response(JSON.stringify({ error }), { status: response.status, headers })
  }
}

/** The body of a response, as far as it is not longer than so many bytes. */
export async function startOf(response: Response, longest: number): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const parts: Uint8Array[] = []
  try {
    for (let length = 0; length < longest; ) {
      const { done, value } = await reader.read()
      if (done) break
      parts.push(value)
      length += value.length
    }
  } catch {
    // What came until the connection broke is all that it says.
  }
  await reader.cancel().catch(() => {})
  return Buffer.concat(parts).toString('utf8')
}
