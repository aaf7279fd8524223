import { SingleBar } from 'cli-progress'

/** Progress of something that takes a while; shows nothing where nobody watches. */
export interface Progress {
  /** `note` stands behind the bar, for example what was spent so far. A total of 0 is unknown: no bar, only the note. */
  update(done: number, total: number, note?: string): void
  /** Takes the bar away again. */
  stop(): void
}

const barWidth = 24

export function progressBar(label: string, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return silent
  const bar = new SingleBar({
    stream,
    format: (_options, { progress, total }, { note }) =>
      [label, total === 0 ? '' : barText(progress), note].filter((part) => part !== '').join(' '),
    // A process that is killed could not bring the cursor back.
    hideCursor: false,
    clearOnComplete: true,
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

function barText(progress: number): string {
  const full = Math.round(progress * barWidth)
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${Math.floor(progress * 100)} %`
}

const silent: Progress = { update() {}, stop() {} }
