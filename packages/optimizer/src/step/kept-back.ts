import type { KnownInputs } from '@trace2/evaluation/datasets'
import type { Case, RunSummary, Store } from '@trace2/store'

/** What datasets keep to select and to decide on. A step that learned from it would make any verdict on it worthless. */
export interface KeptBack {
  /** Ids of the runs among those given that are a case of it: named by one, or asked the same. */
  readonly runs: ReadonlySet<string>
  /**
   * Cases of no stored run whose roles are so many more or fewer than those of the runs that nobody can say whether one of them
   * asks the same.
   */
  readonly incomparable: number
}

/** Finds runs that datasets keep back. */
export async function keptBackRuns(
  store: Pick<Store, 'datasets' | 'sql'>,
  runs: readonly RunSummary[],
): Promise<KeptBack> {
  if (runs.length === 0 || (await store.datasets()).length === 0) {
    return { runs: new Set(), incomparable: 0 }
  }
  const { KnownInputs, runsWithInputs } = await import('@trace2/evaluation/datasets')
  const cases = await keptCases(store)
  const named = new Set(cases.flatMap(({ run }) => run ?? []))
  const known = new KnownInputs()
  for (const { inputs } of cases) known.add(inputs)
  const kept = new Set<string>()
  const asked = new KnownInputs()
  const sizes = new Set<number>()
  for await (const some of runsWithInputs(store, runs)) {
    for (const { one, inputs } of some) {
      const { id } = one.run
      if (named.has(id)) kept.add(id)
      if (typeof inputs === 'string') continue
      if (known.has(inputs)) kept.add(id)
      asked.add(inputs)
      sizes.add(Object.keys(inputs).length)
    }
  }
  return { runs: kept, incomparable: cases.filter(isIncomparable(asked, sizes)).length }
}

type KeptCase = Pick<Case, 'run' | 'inputs'>

async function keptCases(store: Pick<Store, 'sql'>): Promise<readonly KeptCase[]> {
  const { rows } = await store.sql(
    `SELECT run, inputs::VARCHAR FROM v_case
     JOIN (SELECT dataset AS name, max(version) AS latest FROM v_case GROUP BY dataset) ON name = dataset AND latest = version
     WHERE split <> 'train'`,
  )
  return rows.map(([run, inputs]) => ({
    run: typeof run === 'string' ? run : null,
    inputs: JSON.parse(String(inputs)),
  }))
}

function isIncomparable(
  asked: KnownInputs,
  sizes: ReadonlySet<number>,
): (one: KeptCase) => boolean {
  return ({ run, inputs }) =>
    run === null && !sizes.has(Object.keys(inputs).length) && !asked.has(inputs)
}
