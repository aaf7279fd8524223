import { raise } from '../errors.ts'

/** Whether only programs on the same machine reach an address or host name. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || name === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(name)
}

/**
 * Refuses to let strangers in by accident.
 *
 * @throws {Trace2Error} `T2_HOST_OPEN` for an address that other machines reach, where nobody has to authenticate.
 */
export function requireSafeBind(
  host: string,
  {
    tokens = [],
    tokenFile,
    allowUnauthenticated = false,
  }: {
    readonly tokens?: readonly string[]
    readonly tokenFile?: string
    readonly allowUnauthenticated?: boolean
  },
): void {
  const hasTokens = tokens.length > 0 || tokenFile !== undefined
  if (isLoopback(host) || hasTokens || allowUnauthenticated) return
  throw raise('T2_HOST_OPEN', `${host} can be reached from other machines, and there is no token.`)
}
