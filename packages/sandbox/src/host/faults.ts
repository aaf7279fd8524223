import { Trace2Error } from '@trace2/core'
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
  if (value instanceof Error && value.constructor.name === 'InternalError') {
    return raise('T2_CODE_LIMIT', `The code was stopped: ${value.message}.`)
  }
  return typeof value === 'object' && value !== null ? withoutForgery(value) : value
}

/** Longer messages are cut: they are meant to be read. */
const MAX_MESSAGE = 100_000

/**
 * What the code throws does not pass for an error of ours, which the code may have been given and only passes on. It may be an
 * object of the program: that one is left as it is, and another error stands for it.
 */
function withoutForgery(thrown: object): object {
  if (thrown instanceof Trace2Error) return thrown
  const code = ownText(thrown, 'code')
  const isForged = code?.startsWith('T2_') === true || ownText(thrown, 'name') === 'Trace2Error'
  const message = ownText(thrown, 'message') ?? ''
  const isLong = message.length > MAX_MESSAGE
  if (!isForged && !isLong) return thrown
  const instead = new Error(isLong ? `${message.slice(0, MAX_MESSAGE)}…` : message)
  if (!(thrown instanceof Error)) return instead
  Object.setPrototypeOf(instead, Object.getPrototypeOf(thrown))
  const stack = ownText(thrown, 'stack')
  if (stack !== undefined) instead.stack = stack.slice(0, MAX_MESSAGE)
  return instead
}

function ownText(holder: object, key: string): string | undefined {
  const value: unknown = Reflect.getOwnPropertyDescriptor(holder, key)?.value
  return typeof value === 'string' ? value : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error
}
