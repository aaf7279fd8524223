import { shared } from '@trace2/core'
import { type AsyncContext, asyncContext } from '../runtime/async-context.ts'
import type { Replay } from './replay.ts'

/**
 * The replay that code is part of. A storage of its own and not the OpenTelemetry context, which programs leave
 * (`ROOT_CONTEXT`). It stays when the first replay is over: a timer that it has left behind must not do in earnest what it
 * would have been refused.
 */
const replays = shared('replay', (): { storage: AsyncContext<Replay> | undefined } => ({
  storage: undefined,
}))

/** `undefined` for all code of a process in which nothing is replayed. */
export function activeReplay(): Replay | undefined {
  return replays.storage?.getStore()
}

export function withReplay<T>(replay: Replay, fn: () => T): T {
  replays.storage ??= asyncContext()
  return replays.storage.run(replay, fn)
}
