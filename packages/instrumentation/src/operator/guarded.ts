import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { reasonOf } from '../inspection/reason.ts'

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
  const { code, message, remedy } = raise('T2_INSTRUMENTATION', reasonOf(error))
  diag.error(`${code}: ${message}. ${remedy}`)
}
