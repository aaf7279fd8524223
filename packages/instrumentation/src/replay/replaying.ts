import { type RecordedRun, withReplay } from '../answering/index.ts'
import type { ReplayPolicies } from './policy.ts'
import { Replay } from './replay.ts'
import type { ReplayReport } from './report.ts'

/** How a replay ended: with what the function gave, or with an error, its own or the one that ended the replay. */
export type Replayed<T> =
  | { readonly result: T; readonly error?: undefined; readonly report: ReplayReport }
  | { readonly result?: undefined; readonly error: unknown; readonly report: ReplayReport }

/**
 * Runs a function, an agent with its input, in a replay of a stored run: calls of operators and of models are answered by
 * the record where they are asked the same with the same parameters and sources, and execute otherwise; those with effects
 * never do. Replays may run at the same time; each has its own record. Resolves also where the function throws.
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
