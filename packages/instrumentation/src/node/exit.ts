import { diag } from '@opentelemetry/api'

const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Calls `flush` when the process is about to end: out of work, or told to by a signal. A signal that the program
 * handles itself stays the program's: then nothing here ends the process. Returns what takes the handlers off again.
 */
export function flushOnExit(flush: () => Promise<void>): () => void {
  let flushed = false
  const flushOnce = async (): Promise<void> => {
    if (flushed) return
    flushed = true
    await flush().catch((error: unknown) => diag.error('Spans were lost at exit', error))
  }
  const onBeforeExit = () => void flushOnce()
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    const alone = process.listenerCount(signal) === 1
    await flushOnce()
    if (!alone) return
    // What would have happened without a handler.
    remove()
    process.kill(process.pid, signal)
  }
  const remove = () => {
    process.off('beforeExit', onBeforeExit)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.on('beforeExit', onBeforeExit)
  for (const signal of signals) process.on(signal, onSignal)
  return remove
}
