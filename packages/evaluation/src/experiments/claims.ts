import { rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { valueHash } from '@trace2/core'
import { raise } from '../errors.ts'

export interface ClaimOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal
  /** Is told when another process has the claim, and this one waits for it. */
  readonly onWait?: () => void
}

/** How soon it is tried again where a claim is neither free nor anybody's, as while a process ends. */
const lookEveryMs = 20

/**
 * What this process does alone on this machine. A claim is a socket that listens: it is gone with its process, however that
 * ends, so that nothing has to be cleaned up before another can go on.
 */
export class Claims {
  readonly #options: ClaimOptions
  readonly #servers: { readonly server: Server; readonly waiting: Set<Socket> }[] = []

  constructor(options: ClaimOptions) {
    this.#options = options
  }

  /**
   * Resolves when nobody else has the claim of this name.
   *
   * @throws T2_EXPERIMENT_RUNNING where waiting was given up.
   */
  async take(name: string): Promise<void> {
    const { signal, onWait } = this.#options
    const place = placeOf(valueHash([userInfo().username, name]).slice(0, 32))
    for (let waits = 0; ; ) {
      const taken = await this.#listen(place)
      // Where no socket can be made nothing can be claimed, and nothing is lost but this care.
      if (taken !== 'EADDRINUSE') return
      const holder = await connected(place)
      if (holder) {
        if (waits++ === 0) onWait?.()
        await closed(holder, signal)
      } else {
        // A file that a killed process has left; elsewhere there is none.
        if (!isNameless(place)) await rm(place, { force: true })
        await pause(lookEveryMs)
      }
      if (signal?.aborted) {
        const what = 'The same experiment is running in another process, and was not waited for.'
        throw raise('T2_EXPERIMENT_RUNNING', what)
      }
    }
  }

  /** Lets those go on that wait. */
  async release(): Promise<void> {
    for (const { server, waiting } of this.#servers.splice(0)) {
      const ended = new Promise((resolve) => server.close(resolve))
      for (const socket of waiting) socket.destroy()
      await ended
    }
  }

  /** @returns the code of the error where it cannot listen. */
  #listen(place: string): Promise<string | undefined> {
    const waiting = new Set<Socket>()
    const server = createServer((socket) => {
      waiting.add(socket)
      socket.unref()
      socket.on('error', () => {})
      socket.once('close', () => waiting.delete(socket))
    })
    server.unref()
    return new Promise((resolve) => {
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
      server.listen(place, () => {
        this.#servers.push({ server, waiting })
        resolve(undefined)
      })
    })
  }
}

/** Linux and Windows have names for sockets that no file stands for. */
function placeOf(name: string): string {
  if (process.platform === 'linux') return `\0trace2-${name}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\trace2-${name}`
  return join(tmpdir(), `trace2-${name}`)
}

function isNameless(place: string): boolean {
  return place.startsWith('\0') || place.startsWith('\\\\.\\pipe\\')
}

function connected(place: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(place)
    socket.once('connect', () => resolve(socket))
    socket.on('error', () => resolve(undefined))
  })
}

/** Resolves when the other end is gone, or waiting is given up. */
async function closed(socket: Socket, signal: AbortSignal | undefined): Promise<void> {
  const giveUp = () => socket.destroy()
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()
  try {
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve())
      socket.resume()
    })
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}
