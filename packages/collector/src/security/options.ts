import { raise } from '../errors.ts'
import { parseToken } from './tokens.ts'

/** Who may reach the collector, and how. */
export interface SecurityOptions {
  /** Bearer tokens, any of which lets a request in: several, so that they can be changed one after the other. */
  readonly tokens?: readonly string[]
  /** File with further tokens, separated by white space. It may change while the collector runs. */
  readonly tokenFile?: string
  /** Certificate chain and private key as PEM text: answers HTTPS instead of HTTP. */
  readonly tls?: TlsOptions
  /** Listens beyond this machine although there is no token. */
  readonly allowUnauthenticated?: boolean
  /** Origins of web pages that may call the collector, such as `https://app.example.com`. Default none. */
  readonly corsOrigins?: readonly string[]
  /** Names besides `localhost` under which requests may come without a token, such as `host.docker.internal`. */
  readonly allowedHosts?: readonly string[]
}

export interface TlsOptions {
  readonly cert: string
  readonly key: string
}

const SHORTEST_TOKEN = 16

/**
 * @param place where the tokens stand, for the message.
 * @throws {Trace2Error} `T2_CONFIG` for a token that can be guessed or sent by no client, and for a scope that there is not.
 */
export function checkTokens(words: readonly string[], place = ''): void {
  const at = place === '' ? '' : `${place}: `
  for (const word of words) {
    const { token } = parseToken(word)
    // What is meant to be a scope would be part of a token that may do everything.
    const [, unknown] = /^([A-Za-z]+):/.exec(token) ?? []
    if (unknown !== undefined) {
      throw raise('T2_CONFIG', `${at}There is no scope ${unknown}: ingest, read or admin.`)
    }
    if (!/^[\x21-\x7e]+$/.test(token) || token.length < SHORTEST_TOKEN) {
      const rule = `at least ${SHORTEST_TOKEN} visible ASCII characters without spaces`
      throw raise('T2_CONFIG', `${at}A token needs ${rule}.`)
    }
  }
}

/** @throws {Trace2Error} `T2_CONFIG` for a token that can be guessed or sent by no client, and for a broad origin. */
export function checkSecurity({ tokens = [], corsOrigins = [] }: SecurityOptions): void {
  checkTokens(tokens)
  for (const origin of corsOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw raise('T2_CONFIG', `${origin} is no origin: give a scheme and a host, no path, no *.`)
    }
  }
}
