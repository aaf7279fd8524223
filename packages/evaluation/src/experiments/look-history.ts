import { type Json, valueHash } from '@trace2/core'
import type { Case, Dataset, Look, Split, Store } from '@trace2/store'

/** What earlier looks have to do with the cases of one split of a dataset. */
export interface History {
  /** How many looks the store has in all. */
  readonly known: number
  /**
   * Decisions that share an error budget with these cases, in order: those made with this dataset, and those made with any
   * other that has decided on one of them. Their groups are named as this dataset names them.
   */
  readonly decisions: readonly Look[]
  /** Groups of which an evaluation has shown the scores. */
  readonly shown: ReadonlySet<string>
}

/** What stands in the place of a verdict where a look was written down and nothing was seen of it. */
export const notTaken = 'not taken'

export type HistoryStore = Pick<Store, 'looks' | 'dataset'>

/**
 * Reads what was looked at before. Cases are known by what they ask, under whatever name of a dataset, group or role: a copy
 * of a dataset has no budget of its own, and what has decided there is not fresh here.
 */
export class LookHistory {
  readonly #store: HistoryStore
  readonly #dataset: Pick<Dataset, 'name' | 'cases'>
  readonly #split: Split
  #groups: ReadonlyMap<string, string> | undefined
  /** By dataset, version and split: the groups there, as this dataset names them. */
  readonly #elsewhere = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>()

  constructor(store: HistoryStore, dataset: Pick<Dataset, 'name' | 'cases'>, split: Split) {
    this.#store = store
    this.#dataset = dataset
    this.#split = split
  }

  async read(): Promise<History> {
    const looks = await this.#store.looks()
    const here: Look[] = []
    for (const look of looks) {
      if (look.verdict === notTaken) continue
      here.push({ ...look, groups: await this.#groupsHere(look) })
    }
    const decisions = here.filter(({ purpose }) => purpose === 'decision')
    const related = new Set([
      this.#dataset.name,
      ...decisions.filter(({ groups }) => groups.length > 0).map(({ dataset }) => dataset),
    ])
    return {
      known: looks.length,
      decisions: decisions.filter(({ dataset }) => related.has(dataset)),
      shown: new Set(
        here.filter(({ purpose }) => purpose === 'selection').flatMap(({ groups }) => groups),
      ),
    }
  }

  /** The groups of this dataset that a look has read a case of. */
  async #groupsHere({ dataset, datasetVersion, split, groups }: Look): Promise<readonly string[]> {
    // From version to version a case keeps its group and its split.
    if (dataset === this.#dataset.name) return split === this.#split ? groups : []
    const key = JSON.stringify([dataset, datasetVersion, split])
    const found = this.#elsewhere.get(key) ?? this.#groupsOf(dataset, datasetVersion, split)
    this.#elsewhere.set(key, found)
    const named = await found
    return [...new Set(groups.flatMap((group) => named.get(group) ?? []))]
  }

  async #groupsOf(
    name: string,
    version: number,
    split: Split,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const { cases } = await this.#store.dataset(name, version)
    const own = this.#ownGroups
    const named = new Map<string, string[]>()
    for (const one of cases) {
      const here = one.split === split ? own.get(contentOf(one)) : undefined
      if (here === undefined) continue
      const known = named.get(one.group)
      if (known) known.push(here)
      else named.set(one.group, [here])
    }
    return named
  }

  /** By content of its cases: the groups of the split. */
  get #ownGroups(): ReadonlyMap<string, string> {
    this.#groups ??= new Map(
      this.#dataset.cases
        .filter(({ split }) => split === this.#split)
        .map((one) => [contentOf(one), one.group]),
    )
    return this.#groups
  }
}

/** What a case asks: a single input is the same whatever its role is called. */
export function contentOf({ inputs }: Pick<Case, 'inputs'>): string {
  const values: readonly Json[] = Object.values(inputs)
  const [only] = values
  return valueHash(only !== undefined && values.length === 1 ? only : inputs)
}
