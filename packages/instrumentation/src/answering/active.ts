import { shared } from '@trace2/core'
import { type AsyncContext, asyncContext } from '../runtime/async-context.ts'
import type { AskingCall } from './asking-call.ts'

/** Decides of each call whether it is answered, or executed, or refused. A replay does. */
export interface CallAnswerer {
  /** Gives what the call gives, or does what it does. */
  answer(call: AskingCall): unknown
}

/**
 * The replay that code is part of. A storage of its own and not the OpenTelemetry context, which programs leave
 * (`ROOT_CONTEXT`). It stays when the first replay is over: a timer that it has left behind must not do in earnest what it
 * would have been refused.
 */
const replays = shared('replay', (): { storage: AsyncContext<CallAnswerer> | undefined } => ({
  storage: undefined,
}))

/** `undefined` for all code of a process in which nothing is replayed. */
export function activeReplay(): CallAnswerer | undefined {
  return replays.storage?.getStore()
}

export function withReplay<T>(replay: CallAnswerer, fn: () => T): T {
  replays.storage ??= asyncContext()
  return replays.storage.run(replay, fn)
}
