import { raise } from '../errors.ts'
import { reasonOf } from '../inspection/reason.ts'
import { reportOnce } from '../report.ts'

/** Recording must never break the program that is recorded. */
export function guarded<T>(record: () => T): T | undefined {
  try {
    return record()
  } catch (error) {
    reportFailure(error)
    return undefined
  }
}

/** Says that something was not recorded. */
export function reportFailure(error: unknown): void {
  reportOnce('error', raise('T2_INSTRUMENTATION', `${reasonOf(error)}.`))
}
