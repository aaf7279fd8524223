import { readFileSync } from 'node:fs'
import { NOTHING, type ReadingMark } from './reading-mark.ts'

const LOOKS_MS = 250
/** User and system time in `/proc` are in hundredths of a second. */
const TICK_MS = 10

/** What a reading may take, and who is told when it takes more. */
export interface ReadingLimit {
  readonly limitMs: number
  readonly onSlow: (entry: number) => void
}

/**
 * Watches a thread that reads entries. Processor time counts where it can be known, so that a busy or sleeping machine is
 * no request's fault; elsewhere the time that passes, of which no look counts more than twice its interval.
 *
 * @returns ends the watch.
 */
export function watchReading(mark: ReadingMark, { limitMs, onSlow }: ReadingLimit): () => void {
  let turn: bigint | undefined
  let spent = 0
  let before = 0
  let looked = performance.now()
  const look = () => {
    const reading = mark.get()
    const now = performance.now()
    const used = processorMs(reading.thread)
    const more = used === undefined ? Math.min(now - looked, 2 * LOOKS_MS) : used - before
    looked = now
    before = used ?? 0
    const isSame = reading.turn === turn && reading.entry !== NOTHING
    turn = reading.turn
    spent = isSame ? spent + more : 0
    if (spent <= limitMs) return
    clearInterval(timer)
    onSlow(reading.entry)
  }
  const timer = setInterval(look, LOOKS_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Processor time that a thread of this process has used; `undefined` where the system does not tell. */
function processorMs(thread: number): number | undefined {
  if (thread === 0) return undefined
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    // What comes before is the name of the program, in parentheses.
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    const ticks = Number(user) + Number(system)
    return Number.isFinite(ticks) ? ticks * TICK_MS : undefined
  } catch {
    return undefined
  }
}
