import type { ParametersDocument } from '@trace2/core'
import { readAnswer } from '@trace2/core'
import { shownAddress } from '../address.ts'

/** As many redirects are followed. */
const mostRedirects = 5

/** More parameters than any program has. To take over so many would hold the program up. */
const mostParameters = 10_000

/** What says of itself that it is no JSON. Files are often served as text or as bytes, which is fine. */
const otherType = /^(?:text\/html|application\/xhtml\+xml|multipart\/|image\/|audio\/|video\/)/i

/** What {@link fetchDocument} asks for. */
export interface DocumentRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The ETag of the document that is known. */
  readonly etag: string | undefined
  readonly timeoutMs: number
}

/** A document with its ETag. */
export interface FetchedDocument {
  readonly document: ParametersDocument
  readonly etag: string | undefined
}

/**
 * Reads a parameters document over HTTP. Headers go to the origin of the address only. An answer is read to a limit, of bytes
 * that are compressed too, within one time for all of it.
 *
 * @returns `undefined` if the document has not changed.
 * @throws {Error} that says why there is no document, without secrets of the address or the headers.
 */
export async function fetchDocument(
  request: DocumentRequest,
): Promise<FetchedDocument | undefined> {
  const response = await answerTo(request)
  try {
    if (response.status === 304) return undefined
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const type = response.headers.get('content-type') ?? ''
    if (otherType.test(type)) throw new Error(`it is ${type.slice(0, 40)} and not JSON`)
    const document = await readAnswer(response)
    const count = document.values.size + document.faulty.length
    if (count > mostParameters) throw new Error(`it has more than ${mostParameters} parameters`)
    return { document, etag: response.headers.get('etag') ?? undefined }
  } finally {
    // What was not read would keep the connection.
    if (!response.bodyUsed) await response.body?.cancel().catch(() => {})
  }
}

async function answerTo({ url, headers, etag, timeoutMs }: DocumentRequest): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs)
  const first = addressOf(url)
  let address = first
  for (let redirects = 0; ; redirects++) {
    const own = address.origin === first.origin
    const init = {
      headers: {
        accept: 'application/json',
        ...(own ? headersOf(headers) : {}),
        ...(own && etag ? { 'if-none-match': etag } : {}),
      },
      // A cache on the way has to ask whether its copy is still true.
      cache: 'no-cache' as const,
      redirect: 'manual' as const,
      signal,
    }
    const response = await fetch(address, init)
    // A browser follows redirects or says nothing of them; without headers there is nothing to protect.
    if (response.type === 'opaqueredirect' && Object.keys(headers).length === 0) {
      return fetch(address, { ...init, redirect: 'follow' })
    }
    const location = response.headers.get('location')
    if (response.status < 300 || response.status === 304 || location === null) return response
    await response.body?.cancel().catch(() => {})
    if (redirects === mostRedirects) throw new Error(`more than ${mostRedirects} redirects`)
    address = redirected(address, location)
  }
}

function addressOf(url: string): URL {
  const address = parsed(url)
  if (!address) throw new Error('it is no address')
  if (address.username !== '' || address.password !== '') {
    throw new Error('an address has no user and password here: give them as a header')
  }
  return checked(address)
}

function redirected(from: URL, location: string): URL {
  const target = parsed(location, from.href)
  if (!target) throw new Error('it redirects to what is no address')
  const to = checked(target)
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw new Error(`it redirects from HTTPS to ${shownAddress(to.href)}`)
  }
  return to
}

function parsed(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base)
  } catch {
    return undefined
  }
}

function checked(address: URL): URL {
  if (address.protocol === 'http:' || address.protocol === 'https:') return address
  throw new Error(`only HTTP and HTTPS are read, not ${address.protocol.slice(0, 20)}`)
}

/** The errors of `fetch` quote the header, which may be a token. */
function headersOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers({ [name]: value })
    } catch {
      throw new Error(`the header ${JSON.stringify(name.slice(0, 40))} cannot be sent`)
    }
  }
  return headers
}
