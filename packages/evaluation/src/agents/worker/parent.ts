import { Worker } from 'node:worker_threads'
import type { WorkerMessage } from '../module/messages.ts'

/** The process that started this one, as the entry sees it. */
export interface Parent {
  /** Resolves when the message is on its way. */
  send(message: WorkerMessage): Promise<void>
  /** As {@link send}, from where nothing can be awaited any more. */
  sendLast(message: WorkerMessage): void
  onMessage(take: (message: unknown) => void): void
}

/**
 * Takes the channel to the parent, so that the agent, which may have a protocol of its own with whoever starts it, does
 * not see one.
 */
export function takeParent(): Parent {
  const send = process.send?.bind(process)
  Reflect.deleteProperty(process, 'send')
  if (!send) throw new Error('This file is run by Trace2, as a process of an agent.')
  process.once('disconnect', () => process.exit())
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        send(message, undefined, undefined, (error) => (error ? reject(error) : resolve()))
      }),
    sendLast: (message) => void send(message, undefined, undefined, () => {}),
    onMessage: (take) => process.on('message', take),
  }
}

const watchSource = `
const { workerData } = require('node:worker_threads')
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL')
}, 1000)
`

/** Ends this process when its parent is gone, also from within an endless loop, where no event is seen. */
export function endWithParent(): void {
  const watch = new Worker(watchSource, {
    eval: true,
    workerData: process.ppid,
    execArgv: [],
    env: {},
    stdout: true,
    stderr: true,
  })
  watch.unref()
  watch.on('error', () => {})
}
