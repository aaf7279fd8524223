import { raise } from '../errors.ts'
import { unclaimedNames } from '../parameter/snapshot.ts'
import { reportOnce } from '../report.ts'

const namesShown = 10

/**
 * Says once which of the values in the parameters file no parameter of the program takes: after `afterMs`, because a
 * program declares some of its parameters when it loads a module late, or when the process ends before. Returns what
 * says it at once.
 */
export function reportUnclaimed(file: string, afterMs = 10_000): () => void {
  const say = (): void => {
    clearTimeout(timer)
    process.off('exit', say)
    const names = unclaimedNames()
    if (names.length === 0) return
    const more = names.length > namesShown ? `, and ${names.length - namesShown} more` : ''
    const listed = `${names.slice(0, namesShown).join(', ')}${more}`
    const what = `${file} has values that no parameter of this program takes: ${listed}.`
    reportOnce('warn', raise('T2_PARAMETERS_UNCLAIMED', what), listed)
  }
  const timer = setTimeout(say, afterMs)
  // Nothing is kept running for it.
  timer.unref()
  process.once('exit', say)
  return say
}
