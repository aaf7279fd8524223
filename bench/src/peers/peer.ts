/** Another program that takes traces, running. */
export interface Peer {
  readonly name: string
  /** Base address of OTLP over HTTP. */
  readonly url: string
  readonly pid: number
  /** Requests of a burst that it can take in a bearable time. Default: all. */
  readonly mostRequests?: number
  /** Spans that it has done with: sent on, or stored. */
  done(): Promise<number>
  stop(): Promise<void>
}
