/** What ends a process by itself where nobody handles it: also a closed terminal, and Ctrl+Break on Windows. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'] as const

export interface ExitHandlers {
  /** How much was recorded so far. */
  readonly recorded: () => number
  /** Called when the program does no more: what was begun is over. */
  readonly finish: () => void
  /** Sends what is left; bounded in time. Never rejects. */
  readonly send: () => Promise<void>
  /** Called last, when nothing more can be sent. */
  readonly end: () => void
}

/**
 * Sends what is left when the process or worker thread is about to end: out of work, or told to by a signal. A signal
 * that the program handles itself stays the program's: then nothing here ends the process. Returns what takes the
 * handlers off again.
 */
export function onExit({ recorded, finish, send, end }: ExitHandlers): () => void {
  // Sending makes the event loop busy, so that it runs dry again; what could not be sent then is not tried for ever.
  let sent = 0
  const onBeforeExit = () => {
    finish()
    if (recorded() === sent) return
    sent = recorded()
    void send()
  }
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    const alone = process.listenerCount(signal) === 1
    if (alone) finish()
    await send()
    if (!alone) return
    end()
    remove()
    // What would have happened without a handler.
    process.kill(process.pid, signal)
  }
  const remove = () => {
    process.off('beforeExit', onBeforeExit)
    process.off('exit', end)
    for (const signal of signals) process.off(signal, onSignal)
  }
  process.on('beforeExit', onBeforeExit)
  process.on('exit', end)
  // Before the program's own, which may be there for one call only: once it has been called it cannot be seen any more.
  for (const signal of signals) process.prependListener(signal, onSignal)
  return remove
}
