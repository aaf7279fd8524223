import { Trace2Error } from '@trace2/core'

/**
 * What came of several questions: those whose answers were never valid are left out, unless all were. Any other error ends
 * it at once, so that no further question follows from those under way.
 */
export async function valid<T>(asked: readonly Promise<T>[]): Promise<T[]> {
  let failure: unknown
  const answers = await Promise.all(
    asked.map((each) =>
      each.then(
        (value) => [value],
        (error: unknown): T[] => {
          if (!isInvalid(error)) throw error
          failure ??= error
          return []
        },
      ),
    ),
  )
  const values = answers.flat(1)
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
