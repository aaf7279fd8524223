import { basename } from 'node:path'
import { watchLauncher } from './launcher.ts'

/**
 * A signal that is aborted by the first Ctrl-C (or SIGTERM, or SIGHUP of a terminal that closes, or the end of the `npx`
 * that started this); `onInterrupt` is told so that it can tell the user. A second one ends the process at once, as does
 * the first where no command asked for this signal.
 */
export function interruption(onInterrupt: () => void): AbortSignal {
  const controller = new AbortController()
  const outlives = isUnderNohup()
  const signals: readonly NodeJS.Signals[] = outlives
    ? ['SIGINT', 'SIGTERM']
    : ['SIGINT', 'SIGTERM', 'SIGHUP']
  // Without a handler the signal would end the process.
  if (outlives) process.on('SIGHUP', () => undefined)
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

/**
 * Whether `nohup` has asked that a terminal may close. Node takes back that the signal is ignored when it starts, so what
 * a shell says of the command that it ran is all there is to see: `_` in the environment (bash, zsh, ksh).
 */
function isUnderNohup(): boolean {
  return basename(process.env._ ?? '') === 'nohup'
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
