import { randomUUID } from 'node:crypto'
import type { Dataset, Look, Split, Store } from '@trace2/store'
import {
  type AlphaAllocation,
  type Ledger,
  openLedger,
  settleLook,
  takeLook,
  type Verdict,
} from '../gate/index.ts'
import { type History, type HistoryStore, LookHistory, notTaken } from './look-history.ts'

export type LookStore = HistoryStore & Pick<Store, 'addLooks' | 'settleLook'>

/** What is looked at, and for whom. */
export interface LookedAt {
  readonly dataset: Dataset
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

/** The error budget that decisions left. Looks that select spend nothing of it, and are no tests. */
export function ledgerOf(decisions: readonly Look[], alpha: number): Ledger {
  const [first] = decisions
  if (!first) return openLedger(alpha)
  // The whole of it is what the first decision found.
  const whole = first.left + first.spent - first.earned
  const rest = decisions.reduce((sum, { spent, earned }) => sum - spent + earned, whole)
  // Datasets that came to share their cases later may have spent more than one budget.
  const left = Math.max(rest, 0)
  return {
    alpha: whole + left - rest,
    left,
    looks: decisions.map((look) => ({
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
  history: LookHistory,
  looked: LookedAt,
  alpha: number,
): Promise<{ readonly allocation: AlphaAllocation; readonly look: Look }> {
  return writeLook(store, history, looked.dataset.name, ({ decisions }) => {
    const test = { ...looked, candidate: testOf(looked) }
    const { ledger, allocation } = takeLook(ledgerOf(decisions, alpha), test)
    const entry = ledger.looks.at(-1)
    const { reused = 0, spent = 0, left = ledger.left } = entry ?? {}
    const { alpha: allocated, basis } = allocation
    const told = { reused, spent, left, basis, alpha: allocated, earned: 0 }
    const look = lookRow(looked, 'decision', { ...told, groups: entry?.groups ?? looked.groups })
    return { look, result: { allocation, look } }
  })
}

/** Writes down that an evaluation reads groups, which decides nothing and spends nothing. */
export function lookForSelection(store: LookStore, looked: LookedAt, alpha: number): Promise<Look> {
  const { dataset, split, groups } = looked
  const history = new LookHistory(store, dataset, split)
  return writeLook(store, history, dataset.name, ({ decisions, shown }) => {
    const { left } = ledgerOf(decisions, alpha)
    const known = new Set([...shown, ...decisions.flatMap((look) => look.groups)])
    const reused = groups.filter((group) => known.has(group)).length
    const basis = reused > 0 ? ('reused' as const) : ('fresh' as const)
    const nothing = { alpha: 0, spent: 0, earned: 0, left }
    const look = lookRow(looked, 'selection', { ...nothing, reused, basis, groups })
    return { look, result: look }
  })
}

/** Takes back a look of which nothing was decided and nothing was shown: it costs nothing, and its cases are as they were. */
export async function takeBack(
  store: LookStore,
  history: LookHistory,
  { id, left, spent }: Look,
): Promise<void> {
  const { decisions } = await history.read()
  const rest = ledgerOf(decisions, left + spent).left
  await store.settleLook(id, { verdict: notTaken, earned: 0, left: rest + spent })
}

/** Writes a verdict to the latest look at a candidate; a `better` on fresh cases earns the budget once. */
export async function settle(
  store: LookStore,
  history: LookHistory,
  last: Look,
  verdict: Verdict,
): Promise<Look> {
  const { decisions } = await history.read()
  const ledger = settleLook(ledgerOf(decisions, last.left), testOf(last), verdict)
  const at = ledger.looks.findLastIndex(({ candidate }) => candidate === testOf(last))
  const { earned = 0, left = ledger.left } = ledger.looks[at] ?? {}
  const { id = last.id, left: before = left } = decisions[at] ?? {}
  // A candidate earns once, however often it is tested.
  const isFirst = !decisions.some((look) => look.candidate === last.candidate && look.earned > 0)
  return store.settleLook(
    id,
    isFirst ? { verdict, earned, left } : { verdict, earned: 0, left: before },
  )
}

async function writeLook<Result>(
  store: LookStore,
  history: LookHistory,
  dataset: string,
  make: (history: History) => { readonly look: Look; readonly result: Result },
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const read = await history.read()
    const { look, result } = make(read)
    try {
      await store.addLooks(dataset, [look], read.known)
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
