import { hostname as osHostname } from 'node:os'
import type { OtlpEncoding, Signal } from '@trace2/store/otlp'
import { raise } from '../errors.ts'
import { isLoopback } from '../security/bind.ts'
import type { FeedbackDialect } from './feedback/dialect.ts'

/** An OTLP/HTTP receiver that gets what the collector gets. */
export interface ForwardTarget {
  /** Base address, to which `/v1/traces` or `/v1/logs` is added; one that ends so is taken as it is. */
  readonly url: string
  /** Headers of each request, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Encoding of what is sent. `protobuf` and `json` convert requests of the other encoding. Default `as-sent`. */
  readonly encoding?: 'as-sent' | OtlpEncoding
  /** Which signals are sent. Many backends take traces only. Default: both. */
  readonly signals?: readonly Signal[]
  /** Compression of what is sent. Every OTLP receiver takes `gzip`. Default `none`. */
  readonly compression?: 'none' | 'gzip'
  /**
   * In which form feedback that was given to the store is sent. Default: the form that belongs to the address,
   * otherwise `otlp`.
   */
  readonly feedback?: FeedbackDialect
}

/**
 * Checks targets before anything is started for them.
 *
 * @param own where the collector itself will listen.
 * @throws {Trace2Error} `T2_CONFIG` for an address that is none, is named twice, or is the collector's own, and for
 *   a header that cannot be sent.
 */
export function checkTargets(
  targets: readonly ForwardTarget[],
  own: { readonly host: string; readonly port: number },
): void {
  const seen = new Set<string>()
  for (const target of targets) {
    const { url } = target
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      const shown = url.replace(/\/\/[^/]*@/, '//')
      throw raise('T2_CONFIG', `forward: ${shown} is no http or https address.`)
    }
    // Where a target is in the journal is kept by its address.
    if (seen.has(url))
      throw raise(
        'T2_CONFIG',
        `forward: ${shownAddress(url)} is named twice; a #name after one tells them apart.`,
      )
    seen.add(url)
    checkHeaders(target)
    if (isSame(new URL(url), own)) {
      throw raise(
        'T2_CONFIG',
        `forward: ${shownAddress(url)} is this collector, which would never end.`,
      )
    }
  }
}

/** Here, because what fetch says of a header that it cannot send holds the secret in it. */
function checkHeaders(target: ForwardTarget): void {
  const address = shownAddress(target.url)
  let headers: Readonly<Record<string, string>>
  try {
    headers = headersOf(target)
  } catch {
    throw raise('T2_CONFIG', `forward: the credentials in ${address} are not percent-encoded.`)
  }
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers({ [name]: value })
    } catch {
      const what = `forward: the header ${JSON.stringify(name)} for ${address} cannot be sent: `
      throw raise('T2_CONFIG', `${what}its name or value has characters that no header may have.`)
    }
  }
}

/** As far as names tell; what it sends itself it would send on again. */
function isSame(
  { hostname, port, protocol }: URL,
  own: { readonly host: string; readonly port: number },
): boolean {
  const target = Number(port) || (protocol === 'https:' ? 443 : 80)
  if (target !== own.port) return false
  return isLoopback(hostname) || [own.host, '0.0.0.0', osHostname()].includes(hostname)
}

/** Address of a signal's requests, without credentials, which no request may have in its address. */
export function addressOf(url: string, signal: Signal): string {
  return addressBelow(url, (base) => `${base}/v1/${signal}`)
}

/** Address of a path that is made from the base path, without credentials. */
export function addressBelow(url: string, path: (base: string) => string): string {
  const address = new URL(url)
  address.pathname = path(address.pathname.replace(/(\/v1\/(traces|logs))?\/*$/, ''))
  address.hash = ''
  address.username = ''
  address.password = ''
  return address.href
}

/** A target's headers, and the credentials that its address has as one more. */
export function headersOf({ url, headers }: ForwardTarget): Readonly<Record<string, string>> {
  const { username, password } = new URL(url)
  if (username === '' && password === '') return headers ?? {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, ...headers }
}

/** A target's address as it may be shown: credentials stand before the host or in the query. */
export function shownAddress(url: string): string {
  const { origin, pathname, hash } = new URL(url)
  return origin + pathname + hash
}
