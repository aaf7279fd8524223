import { type RecordedRun, withReplay } from '../answering/index.ts'
import type { ReplayPolicies } from './policy.ts'
import { Replay } from './replay.ts'
import type { ReplayReport } from './report.ts'

/**
 * The end of a replay: the result of the function, or an error. The error comes from the function, or it is the one
 * that ended the replay.
 */
export type Replayed<T> =
  | { readonly result: T; readonly error?: undefined; readonly report: ReplayReport }
  | { readonly result?: undefined; readonly error: unknown; readonly report: ReplayReport }

/**
 * Runs a function, such as an agent with its input, in a replay of a stored run. A call of an operator or a model gets
 * its recorded answer if its inputs, parameters and source are as recorded. Otherwise it runs. Calls with effects never
 * run. Several replays may run at the same time, each with its own record.
 *
 * The promise resolves also if the function throws.
 *
 * @example
 * const { result, report } = await replaying(recorded, { search: 'live' }, () => agent(ticket))
 */
export async function replaying<T>(
  recorded: RecordedRun,
  policies: ReplayPolicies,
  fn: () => T | PromiseLike<T>,
): Promise<Replayed<T>> {
  const replay = new Replay(recorded, policies)
  try {
    const result = await withReplay(replay, async () => fn())
    const { error } = replay
    if (error) return { error, report: replay.report() }
    return { result, report: replay.report() }
  } catch (error) {
    return { error: replay.error ?? error, report: replay.report() }
  }
}
