import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { Socket } from 'node:net'
import type { Destination } from './destination.ts'

/** How long one address of a receiver may take to accept a connection: until then the system holds the process. */
const connectMs = 700

/**
 * The connections of an exporter. They never keep the process alive, can all be closed at once, and end in errors that
 * the exporter does not take for a reason to try again: its own retries hold the process, so when to try again is
 * decided elsewhere. Each request has a connection of its own, as one that is kept has often been closed by the other
 * side by the next batch, or while the process was frozen.
 */
export class Connections {
  readonly #tls: Destination['tls']
  readonly #onAnswer: () => void
  readonly #open = new Set<Socket>()

  /** `onAnswer` is told when somebody at the other side says something. */
  constructor(tls: Destination['tls'], onAnswer: () => void) {
    this.#tls = tls
    this.#onAnswer = onAnswer
  }

  /** An agent for `http:` or `https:`. Node's modules are loaded late, so that instrumentations come first. */
  async agent(protocol: string): Promise<HttpAgent | HttpsAgent> {
    const agent =
      protocol === 'http:'
        ? new (await import('node:http')).Agent()
        : new (await import('node:https')).Agent(this.#tls)
    const connect = agent.createConnection.bind(agent)
    agent.createConnection = (options, done) => {
      const socket = connect(options)
      if (!(socket instanceof Socket)) return socket
      this.#watch(socket, (error) => done?.(error, socket))
      // The socket is handed over when it is connected.
      return undefined
    }
    return agent
  }

  /** Ends all requests that are under way. */
  close(): void {
    for (const socket of this.#open) socket.destroy(new Error(unanswered))
  }

  #watch(socket: Socket, done: (error: Error | null) => void): void {
    let deadline: ReturnType<typeof setTimeout> | undefined
    this.#open.add(socket)
    socket.unref()
    // A name may have several addresses; each attempt is a connection of its own to the system.
    socket.on('connectionAttempt', () => {
      socket.unref()
      clearTimeout(deadline)
      const giveUp = () => socket.destroy(new Error('it accepts no connection'))
      deadline = setTimeout(giveUp, connectMs).unref()
    })
    socket.once('connect', () => {
      clearTimeout(deadline)
      done(null)
      socket.once('data', this.#onAnswer)
    })
    socket.on('error', (error) => done(new Error(messageOf(error))))
    socket.once('close', () => {
      clearTimeout(deadline)
      this.#open.delete(socket)
    })
  }
}

/** Why spans of a request without an answer are not known to have arrived. */
export const unanswered = 'it did not answer in time, though some may have arrived'

/** Of an attempt at several addresses of a name, the first error says most. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
