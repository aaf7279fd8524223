import { SingleBar } from 'cli-progress'

/** Progress of something that takes a while; shows nothing where nobody watches. */
export interface Progress {
  /** `note` stands behind the bar, for example what was spent so far. */
  update(done: number, total: number, note?: string): void
  /** Takes the bar away again. */
  stop(): void
}

export function progressBar(label: string, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return silent
  const bar = new SingleBar({
    stream,
    format: `${label} {bar} {percentage}% {note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    // cli-progress would otherwise take SIGINT for itself.
    gracefulExit: false,
  })
  let started = false
  return {
    update(done, total, note = '') {
      if (started) bar.setTotal(total)
      else bar.start(total, done, { note })
      started = true
      bar.update(done, { note })
    },
    stop() {
      if (started) bar.stop()
    },
  }
}

const silent: Progress = { update() {}, stop() {} }
