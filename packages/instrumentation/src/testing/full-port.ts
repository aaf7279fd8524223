import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** Listens, and takes no connection: its thread stands still. */
const program = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:worker_threads').parentPort.postMessage(server.address().port)
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 10)
  })`

/** A port where, as behind a firewall that drops what comes, no attempt to connect is answered or refused. */
export async function listenInVain(): Promise<{ port: number; close(): Promise<void> }> {
  const worker = new Worker(program, { eval: true })
  const [port] = await once(worker, 'message')
  // More than the system lets wait for a program that accepts none.
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'))
  for (const socket of waiting) socket.on('error', () => undefined)
  await Promise.race(waiting.map((socket) => once(socket, 'connect')))
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy()
      await worker.terminate()
    },
  }
}
