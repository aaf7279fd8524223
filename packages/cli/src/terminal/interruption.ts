import { readFileSync } from 'node:fs'
import { watchLauncher } from './launcher.ts'

/**
 * A signal that is aborted by the first Ctrl-C (or SIGTERM, or SIGHUP of a terminal that closes, or the end of the `npx`
 * that started this); `onInterrupt` is told so that it can tell the user. A second one ends the process at once, as does
 * the first where no command asked for this signal.
 */
export function interruption(onInterrupt: () => void): AbortSignal {
  const controller = new AbortController()
  const signals: readonly NodeJS.Signals[] = hangUpIsIgnored()
    ? ['SIGINT', 'SIGTERM']
    : ['SIGINT', 'SIGTERM', 'SIGHUP']
  const handle = (signal: NodeJS.Signals) => {
    for (const name of signals) process.off(name, handle)
    stopWatch()
    onInterrupt()
    controller.abort(signal)
  }
  const stopWatch = watchLauncher(() => handle('SIGTERM'))
  for (const name of signals) process.on(name, handle)
  return controller.signal
}

/** Whether `nohup` or its like has asked that a terminal may close: a handler would undo that. */
function hangUpIsIgnored(): boolean {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (mask !== undefined) return (BigInt(`0x${mask}`) & 1n) === 1n
  } catch {
    // Not on Linux.
  }
  // nohup takes the output from the terminal.
  return process.stdout.isTTY !== true
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
