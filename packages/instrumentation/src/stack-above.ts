/**
 * The stack above a call of `factory`, as the runtime writes it; `undefined` where it writes none, or where the program's
 * `Error.prepareStackTrace` throws or makes something else of it.
 */
export function stackAbove(factory: (...args: never[]) => unknown): string | undefined {
  if (typeof Error.captureStackTrace !== 'function') return undefined
  const holder: { stack?: unknown } = {}
  try {
    Error.captureStackTrace(holder, factory)
    return typeof holder.stack === 'string' ? holder.stack : undefined
  } catch {
    return undefined
  }
}
