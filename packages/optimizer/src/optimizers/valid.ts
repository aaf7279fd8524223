import { Trace2Error } from '@trace2/instrumentation/semconv'

/** What came of several questions: those whose answers were never valid are left out, unless all were. */
export async function valid<T>(asked: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(asked)
  const values: T[] = []
  let failure: unknown
  for (const each of settled) {
    if (each.status === 'fulfilled') values.push(each.value)
    else if (isInvalid(each.reason)) failure ??= each.reason
    else throw each.reason
  }
  if (values.length === 0 && failure !== undefined) throw failure
  return values
}

const invalid: ReadonlySet<string> = new Set([
  'T2_MODEL_ANSWER',
  'T2_MODEL_CUT_OFF',
  'T2_MODEL_EMPTY',
  'T2_MODEL_REFUSED',
  'T2_MODEL_FILTERED',
  'T2_MODEL_NO_CHOICE',
])

/** Whether a model was asked without a valid answer, so that another question may fare better. */
export function isInvalid(error: unknown): boolean {
  return error instanceof Trace2Error && invalid.has(error.code)
}
