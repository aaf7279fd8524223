import type { OpenAIClient } from './client.ts'
import { property, textProperty } from './property.ts'
import { tellingFetch } from './telling-fetch.ts'

/** A client, and what it says about where it leads to. */
export interface Endpoint {
  readonly client: OpenAIClient
  /** Its address; what is known of an endpoint is known by this. */
  readonly url: string
  /** Whether the client is one of the `openai` package, which can stream and gives the raw response. */
  readonly isSdk: boolean
  readonly maxRetries: number
  readonly timeoutMs: number | undefined
}

const defaultRetries = 4

/** Whether an address is one of OpenAI's own API, or of Azure's. */
export function isOpenAI(url: string): boolean {
  return /^https?:\/\/(?:[^/]*\.)?(?:openai\.com|openai\.azure\.com)(?:[:/]|$)/i.test(url)
}

/** Reads a client, and makes it tell what an endpoint says about a request that it refuses. */
export function endpointOf(client: OpenAIClient): Endpoint {
  const retries = property(client, 'maxRetries')
  const timeout = property(client, 'timeout')
  const telling = withTellingFetch(client)
  return {
    client: telling ?? client,
    url: textProperty(client, 'baseURL') || 'the client given',
    isSdk: telling !== undefined,
    maxRetries: typeof retries === 'number' ? retries : defaultRetries,
    timeoutMs: typeof timeout === 'number' ? timeout : undefined,
  }
}

function withTellingFetch(client: OpenAIClient): OpenAIClient | undefined {
  const withOptions = property(client, 'withOptions')
  const own = property(client, 'fetch')
  if (typeof withOptions !== 'function' || typeof own !== 'function') return undefined
  const telling: unknown = withOptions.call(client, {
    fetch: tellingFetch((input, init) => own.call(undefined, input, init)),
  })
  return isClient(telling) ? telling : undefined
}

function isClient(value: unknown): value is OpenAIClient {
  return typeof property(property(property(value, 'chat'), 'completions'), 'create') === 'function'
}
