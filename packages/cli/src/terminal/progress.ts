import { SingleBar } from 'cli-progress'
import type { OutputStream } from './stream.ts'

/** Progress of something that takes a while, with a clock: to wait for a slow model looks different from hanging. */
export interface Progress {
  /** `note` stands behind the bar, for example what was spent so far. A total of 0 is unknown: no bar, only the note. */
  update(done: number, total: number, note?: string): void
  /** Takes the bar away again. */
  stop(): void
}

/** Time as a progress sees it. */
export interface Clock {
  /** Milliseconds from any beginning. */
  now(): number
  /** Calls back again and again, until what it returns is called. */
  every(milliseconds: number, callback: () => void): () => void
}

const barWidth = 24

/** How often a line is written where nobody watches: a log shows that the work goes on. */
const lineEveryMs = 30_000

/** A bar that a terminal shows and takes away; elsewhere a line now and then. */
export function progressBar(
  label: string,
  stream: OutputStream,
  clock: Clock = systemClock,
): Progress {
  return stream.isTTY ? terminalBar(label, stream, clock) : lines(label, stream, clock)
}

function terminalBar(label: string, stream: OutputStream, clock: Clock): Progress {
  const watch = new Watch(clock)
  const bar = new SingleBar({
    stream,
    format: (_options, { progress, total }, { note }) =>
      [label, total === 0 ? '' : barText(progress), note, watch.text()]
        .filter((part) => part !== '')
        .join(' '),
    // A process that is killed could not bring the cursor back.
    hideCursor: false,
    clearOnComplete: true,
    // cli-progress would otherwise take SIGINT for itself.
    gracefulExit: false,
  })
  let started = false
  return {
    update(done, total, note = '') {
      watch.note(done)
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

function lines(label: string, stream: OutputStream, clock: Clock): Progress {
  const watch = new Watch(clock)
  let last = ''
  let end = () => {}
  let started = false
  return {
    update(done, total, note = '') {
      watch.note(done)
      last = [total === 0 ? '' : `${done} of ${total}`, note].filter(Boolean).join(', ')
      if (started) return
      started = true
      end = clock.every(lineEveryMs, () => {
        stream.write(`${[label, last, watch.text()].filter(Boolean).join(' · ')}\n`)
      })
    },
    stop() {
      end()
    },
  }
}

/** Tells how long nothing has been finished. */
class Watch {
  readonly #clock: Clock
  #since: number | undefined
  #done = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(done: number): void {
    if (this.#since !== undefined && done === this.#done) return
    this.#since = this.#clock.now()
    this.#done = done
  }

  /** `waiting 1:05`; nothing in the first seconds, in which nobody begins to wonder. */
  text(): string {
    if (this.#since === undefined) return ''
    const seconds = Math.floor((this.#clock.now() - this.#since) / 1000)
    if (seconds < 3) return ''
    return `waiting ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
}

function barText(progress: number): string {
  const full = Math.round(progress * barWidth)
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${Math.floor(progress * 100)} %`
}

const systemClock: Clock = {
  now: () => performance.now(),
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds)
    // To show progress is no reason to stay alive.
    timer.unref()
    return () => clearInterval(timer)
  },
}
