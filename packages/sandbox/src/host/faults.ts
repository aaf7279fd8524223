import { raise } from '@trace2/source'

/** Whether the border failed, and not what the code does. */
export function isFault(error: unknown): boolean {
  return (
    isLimit(error) || (error instanceof Error && Reflect.get(error, 'code') === 'T2_CODE_VALUE')
  )
}

export function isLimit(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'T2_CODE_LIMIT'
}

/** The engine's own errors say that a limit was met. */
export function asThrown(value: unknown): unknown {
  if (!(value instanceof Error) || value.constructor.name !== 'InternalError') return value
  return raise('T2_CODE_LIMIT', `The code was stopped: ${value.message}.`)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error
}
