import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { reasonOf } from '../inspection/reason.ts'

/** Recording must never break the program that is recorded. */
export function guarded<T>(record: () => T): T | undefined {
  try {
    return record()
  } catch (error) {
    const { code, message, remedy } = raise('T2_INSTRUMENTATION', reasonOf(error))
    diag.error(`${code}: ${message}. ${remedy}`)
    return undefined
  }
}
