import { randomUUID } from 'node:crypto'
import type { Dataset, Look, Split, Store } from '@trace2/store'
import {
  type Grant,
  type Ledger,
  openLedger,
  settleLook,
  takeLook,
  type Verdict,
} from '../gate/index.ts'

export type LookStore = Pick<Store, 'looks' | 'addLooks' | 'settleLook'>

/** What is looked at, and for whom. */
export interface LookedAt {
  readonly dataset: Pick<Dataset, 'name' | 'version'>
  readonly split: Split
  readonly experiment: string
  readonly candidate: string
  readonly groups: readonly string[]
}

/**
 * What an error budget is spent on: one test of one candidate. The same candidate in another experiment, with new trials,
 * other guides or another agent, is another chance of an error, and pays for itself.
 */
export function testOf({ candidate, experiment }: Pick<Look, 'candidate' | 'experiment'>): string {
  return `${candidate} ${experiment}`
}

/** Two decisions at the same time take turns: each writes on top of what the other wrote. */
const mostAttempts = 20

/** What stands in the place of a verdict where a look was written down and nothing was seen of it. */
const notTaken = 'not taken'

/** Looks at which something was seen, or may have been. */
export function takenLooks(looks: readonly Look[]): readonly Look[] {
  return looks.filter(({ verdict }) => verdict !== notTaken)
}

/** The error budget of a dataset as its looks left it. */
export function ledgerOf(all: readonly Look[], alpha: number): Ledger {
  const last = all.at(-1)
  const looks = takenLooks(all)
  if (!last) return openLedger(alpha)
  // The whole of it is what is left and what was spent.
  const whole = looks.reduce((sum, { spent, earned }) => sum + spent - earned, last.left)
  return {
    alpha: whole,
    left: last.left,
    looks: looks.map((look) => ({
      candidate: testOf(look),
      split: look.split,
      groups: look.groups,
      reused: look.reused,
      alpha: look.alpha,
      spent: look.spent,
      earned: look.earned,
      left: look.left,
      basis: look.basis,
      ...(isVerdict(look.verdict) ? { verdict: look.verdict } : {}),
    })),
  }
}

/**
 * Writes down that a gate looks at groups, before it does.
 *
 * @throws T2_LEDGER_SPENT
 */
export function lookForDecision(
  store: LookStore,
  looked: LookedAt,
  alpha: number,
): Promise<{ readonly grant: Grant; readonly look: Look }> {
  return writeLook(store, looked.dataset.name, (looks) => {
    const test = { ...looked, candidate: testOf(looked) }
    const { ledger, grant } = takeLook(ledgerOf(looks, alpha), test)
    const entry = ledger.looks.at(-1)
    const { reused = 0, spent = 0, left = ledger.left } = entry ?? {}
    const { alpha: granted, basis } = grant
    const told = { reused, spent, left, basis, alpha: granted, earned: 0 }
    const look = lookRow(looked, 'decision', { ...told, groups: entry?.groups ?? looked.groups })
    return { look, result: { grant, look } }
  })
}

/** Writes down that an evaluation reads groups, which decides nothing and spends nothing. */
export function lookForSelection(store: LookStore, looked: LookedAt, alpha: number): Promise<Look> {
  return writeLook(store, looked.dataset.name, (looks) => {
    const { left } = ledgerOf(looks, alpha)
    const known = new Set(
      takenLooks(looks)
        .filter(({ split }) => split === looked.split)
        .flatMap(({ groups }) => groups),
    )
    const reused = looked.groups.filter((group) => known.has(group)).length
    const basis = reused > 0 ? ('reused' as const) : ('fresh' as const)
    const nothing = { alpha: 0, spent: 0, earned: 0, left }
    const look = lookRow(looked, 'selection', { ...nothing, reused, basis, groups: looked.groups })
    return { look, result: look }
  })
}

/** Takes back a look of which nothing was decided and nothing was shown: it costs nothing, and its cases are as they were. */
export async function takeBack(store: LookStore, { id, dataset, spent }: Look): Promise<void> {
  const left = (await store.looks(dataset)).at(-1)?.left ?? 0
  await store.settleLook(id, { verdict: notTaken, earned: 0, left: left + spent })
}

/** Writes a verdict to the latest look at a candidate; a `better` on fresh cases earns the budget once. */
export async function settle(store: LookStore, last: Look, verdict: Verdict): Promise<void> {
  const all = await store.looks(last.dataset)
  const looks = takenLooks(all)
  const ledger = settleLook(ledgerOf(all, last.left), testOf(last), verdict)
  const at = ledger.looks.findLastIndex(({ candidate }) => candidate === testOf(last))
  const { earned = 0, left = ledger.left } = ledger.looks[at] ?? {}
  const { id = last.id, left: before = left } = looks[at] ?? {}
  // A candidate earns once, however often it is tested.
  const isFirst = !looks.some((look) => look.candidate === last.candidate && look.earned > 0)
  await store.settleLook(
    id,
    isFirst ? { verdict, earned, left } : { verdict, earned: 0, left: before },
  )
}

async function writeLook<Result>(
  store: LookStore,
  dataset: string,
  make: (looks: readonly Look[]) => { readonly look: Look; readonly result: Result },
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const looks = await store.looks(dataset)
    const { look, result } = make(looks)
    try {
      await store.addLooks(dataset, [look], looks.length)
      return result
    } catch (error) {
      if (attempt === mostAttempts || !isConflict(error)) throw error
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'T2_LOOK_CONFLICT'
}

function lookRow(
  { dataset, split, experiment, candidate }: LookedAt,
  purpose: Look['purpose'],
  told: Pick<Look, 'groups' | 'reused' | 'basis' | 'alpha' | 'spent' | 'earned' | 'left'>,
): Look {
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    dataset: dataset.name,
    datasetVersion: dataset.version,
    split,
    purpose,
    experiment,
    candidate,
    ...told,
    verdict: null,
  }
}

const verdicts: ReadonlySet<string> = new Set<Verdict>([
  'better',
  'worse',
  'no difference worth it',
  'not enough evidence',
])

function isVerdict(text: string | null): text is Verdict {
  return text !== null && verdicts.has(text)
}
