import type { Case, Store } from '@trace2/store'
import { KnownInputs, runsWithInputs } from '../datasets/index.ts'

/**
 * Tells whether a candidate was learned from a case: it comes from one of these stored runs, or asks what one of them was
 * asked. Equal inputs are one case, of which only one run is named, and a case of a file names none.
 */
export async function learnedCases(
  store: Pick<Store, 'runs' | 'sql'>,
  runs: ReadonlySet<string> = new Set(),
): Promise<(one: Pick<Case, 'run' | 'inputs'>) => boolean> {
  const known = new KnownInputs()
  const found = runs.size === 0 ? [] : await store.runs({ ids: [...runs], limit: 0 })
  for await (const some of runsWithInputs(store, found)) {
    for (const { inputs } of some) if (typeof inputs !== 'string') known.add(inputs)
  }
  return ({ run, inputs }) => (run !== null && runs.has(run)) || known.has(inputs)
}
