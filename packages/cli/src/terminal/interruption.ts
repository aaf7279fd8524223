/**
 * A signal that is aborted by the first Ctrl-C (or SIGTERM); `onInterrupt` is told so that it can tell the user. A
 * second one ends the process at once, as does the first where no command asked for this signal.
 */
export function interruption(onInterrupt: () => void): AbortSignal {
  const controller = new AbortController()
  const handle = (signal: NodeJS.Signals) => {
    process.off('SIGINT', handle)
    process.off('SIGTERM', handle)
    onInterrupt()
    controller.abort(signal)
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return controller.signal
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
