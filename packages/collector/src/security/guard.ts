import type { Trace2Error } from '@trace2/core'
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { raise } from '../errors.ts'
import { isLoopback } from './bind.ts'
import type { SecurityOptions } from './options.ts'
import { refusal } from './refusal.ts'
import { tokenFile } from './token-file.ts'
import { accessOf, tokenCheck } from './tokens.ts'

export interface GuardOptions extends SecurityOptions {
  /** Address that the collector listens on. */
  readonly host: string
  /** Told of every request that is not let in. */
  readonly onRefused?: (error: Trace2Error, request: Request) => void
}

/** Probes ask for these without credentials; they tell nothing but yes or no. */
const openPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/**
 * Decides which requests are let in, before anything of them is read: by the origin of the web page that makes them,
 * by the name under which they come, by their token.
 */
export function guard(options: GuardOptions): MiddlewareHandler[] {
  const reason = refuser(options)
  const check: MiddlewareHandler = async (context, next) => {
    const error = reason(context.req.raw, context.req.path)
    if (!error) return next()
    options.onRefused?.(error, context.req.raw)
    return refusal(context.req.raw, error)
  }
  const origins = options.corsOrigins ?? []
  if (origins.length === 0) return [check]
  // A browser's preflight carries no token; it is answered, for the named origins, before tokens are asked for.
  return [cors({ origin: [...origins], allowMethods: ['GET', 'POST'], maxAge: 600 }), check]
}

function refuser(options: GuardOptions) {
  const { host, tokens = [], corsOrigins = [], allowedHosts = [] } = options
  const inFile = options.tokenFile === undefined ? () => [] : tokenFile(options.tokenFile)
  const needsToken = tokens.length > 0 || options.tokenFile !== undefined
  let words = inFile()
  let bearerOf = tokenCheck([...tokens, ...words])
  return (request: Request, path: string): Trace2Error | undefined => {
    const url = new URL(request.url)
    const origin = request.headers.get('origin')
    if (origin !== null && origin !== url.origin && !corsOrigins.includes(origin)) {
      return raise('T2_API_ORIGIN', `Requests from pages of ${origin} are refused.`)
    }
    if (openPaths.has(path)) return undefined
    if (needsToken) {
      const now = inFile()
      if (now !== words) bearerOf = tokenCheck([...tokens, ...now])
      words = now
      const bearer = bearerOf(request.headers.get('authorization'))
      if (!bearer.isKnown) {
        return raise('T2_UNAUTHORIZED', 'The request has no valid bearer token.')
      }
      const access = accessOf(request.method, path)
      if (bearer.may(access)) return undefined
      const scopes = access === 'parameters' ? 'ingest or read' : access
      return raise('T2_FORBIDDEN', `The token may not do that: it needs the scope ${scopes}.`)
    }
    // A page whose own name was made to resolve to this machine has that name in Host: DNS rebinding.
    const known = isLoopback(url.hostname) || allowedHosts.includes(url.hostname)
    if (isLoopback(host) && !known) {
      return raise('T2_HOST_UNKNOWN', `Requests for the host ${url.hostname} are refused.`)
    }
    return undefined
  }
}
