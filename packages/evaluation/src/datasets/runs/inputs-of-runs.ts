import type { Json } from '@trace2/core'
import type { RunSummary, Store } from '@trace2/store'
import type { Draft } from '../draft.ts'
import { isJsonObject } from '../files/jsonl.ts'
import { askedInside } from './asked-inside.ts'
import { type RecordedRun, recordedRuns } from './recorded-runs.ts'
import { type Damage, damageOf, hasCutJson } from './whole.ts'

/** Why a run is no case. */
export type Unusable = 'no input' | Damage

/** A run with what it was called with, or with why it is no case. */
export interface RunWithInputs {
  readonly one: RecordedRun
  readonly inputs: Draft['inputs'] | Unusable
}

/** The inputs of runs, as many at a time as one query should have. */
export async function* runsWithInputs(
  store: Pick<Store, 'sql'>,
  runs: readonly RunSummary[],
): AsyncGenerator<readonly RunWithInputs[]> {
  for await (const recorded of recordedRuns(store, runs)) {
    const silent = recorded.filter((one) => one.dialect !== 'trace2' && isEmpty(one.input))
    const asked = await askedInside(
      store,
      silent.map(({ run }) => run),
    )
    yield recorded.map((one) => {
      const inside = asked.get(one.run.id)
      return { one, inputs: inputsOf(inside === undefined ? one : { ...one, input: inside }) }
    })
  }
}

/** The run's inputs by role, or why they are no case. */
function inputsOf({ dialect, input, hashedRoles }: RecordedRun): Draft['inputs'] | Unusable {
  const recorder = dialect === 'trace2' && isJsonObject(input)
  const inputs = recorder ? input : isEmpty(input) ? {} : { input }
  const [hashed] = hashedRoles
  if (hashed !== undefined) return Object.hasOwn(inputs, hashed) ? 'cut' : 'withheld'
  if (Object.keys(inputs).length === 0) return 'no input'
  if (!recorder && hasCutJson(inputs)) return 'cut'
  return damageOf(inputs) ?? inputs
}

function isEmpty(input: Json): boolean {
  return (
    input === null || input === '' || (typeof input === 'object' && Object.keys(input).length === 0)
  )
}
