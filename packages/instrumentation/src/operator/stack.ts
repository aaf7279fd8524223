import { unrecorded } from './unrecorded.ts'

/**
 * The stack from the caller of `fn` on; `undefined` where the runtime does not tell. A program may format stacks itself
 * (`Error.prepareStackTrace`): what that does is not recorded, and what it throws or gives beside texts is no stack.
 */
export function stackAbove(fn: (...args: never[]) => unknown): string | undefined {
  if (typeof Error.captureStackTrace !== 'function') return undefined
  const holder: { stack?: unknown } = {}
  try {
    unrecorded(() => {
      Error.captureStackTrace(holder, fn)
      return holder.stack
    })
    return typeof holder.stack === 'string' ? holder.stack : undefined
  } catch {
    return undefined
  }
}
