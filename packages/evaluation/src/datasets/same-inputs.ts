import { type Json, valueHash } from '@trace2/core'
import type { Case } from '@trace2/store'
import { folded, isLong, wordsOf } from './grouping/leaves.ts'

type Inputs = Case['inputs']

/**
 * Known inputs, found again under other names of their roles. A file may have `input` or the name of a column, and the
 * agent the name of its argument. Upper case and white space make no difference, as between the cases of one group.
 */
export class KnownInputs {
  /** With the names of their roles. */
  readonly #named = new Set<string>()
  /** Roles under which the same values are known. */
  readonly #roles = new Map<string, Set<string>>()
  /** Long texts that are known inputs by themselves, and those that stand in a known input. */
  readonly #alone = new Set<string>()
  readonly #within = new Set<string>()

  add(inputs: Inputs): void {
    const { named, values, roles, alone, texts } = identityOf(inputs)
    this.#named.add(named)
    this.#roles.set(values, (this.#roles.get(values) ?? new Set()).add(roles))
    if (alone !== undefined) this.#alone.add(alone)
    for (const text of texts) this.#within.add(text)
  }

  /**
   * Whether these inputs are known: by the same values under the same roles, by the same values under others, or by a long
   * text that is the whole input on one side and part of it on the other.
   */
  has(inputs: Inputs): boolean {
    const { named, values, roles, alone, texts } = identityOf(inputs)
    if (this.#named.has(named)) return true
    const known = this.#roles.get(values)
    // Under the same roles other values are other inputs: 3 and 5 are not 5 and 3.
    if (known !== undefined && (known.size > 1 || !known.has(roles))) return true
    if (alone !== undefined && this.#within.has(alone)) return true
    return texts.some((text) => this.#alone.has(text))
  }
}

interface Identity {
  readonly named: string
  /** Of the values alone, whatever holds them. */
  readonly values: string
  readonly roles: string
  /** The long text that the inputs consist of. */
  readonly alone: string | undefined
  readonly texts: readonly string[]
}

function identityOf(inputs: Inputs): Identity {
  const values: Json[] = []
  const same = foldedWhole(inputs, values)
  const texts = values.filter((value) => typeof value === 'string' && isLong(wordsOf(value)))
  const hashes = texts.map((text) => valueHash(text))
  const [only] = hashes
  return {
    named: valueHash(same),
    values: valueHash(values.map((value) => valueHash(value)).sort()),
    roles: JSON.stringify(Object.keys(inputs).sort()),
    alone: values.length === 1 ? only : undefined,
    texts: hashes,
  }
}

/** A value with every text in it folded; what is neither a list nor an object is put into `leaves`. */
function foldedWhole(value: Json, leaves: Json[]): Json {
  if (Array.isArray(value)) return value.map((each: Json) => foldedWhole(each, leaves))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, foldedWhole(member, leaves)]),
    )
  }
  const leaf = typeof value === 'string' ? folded(value) : value
  leaves.push(leaf)
  return leaf
}
