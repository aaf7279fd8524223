import { raise } from '../../errors.ts'
import type { Verdict } from '../report.ts'
import type { AlphaAllocation, Ledger, LedgerLook } from './ledger.ts'

/** A test with less error than this needs so many cases that it is not worth its budget. */
const leastAlpha = 1e-4

/**
 * Makes an empty ledger with an error budget.
 *
 * @throws `T2_GATE_OPTIONS` if `alpha` is not between 0 and 1.
 */
export function openLedger(alpha = 0.05): Ledger {
  if (alpha > 0 && alpha < 1) return { alpha, left: alpha, looks: [] }
  throw raise('T2_GATE_OPTIONS', `The error budget is ${alpha}; it must lie between 0 and 1.`)
}

/** Returns the groups of a split that no decision has read. */
export function freshGroups(
  ledger: Ledger,
  split: string,
  groups: readonly string[],
): readonly string[] {
  const read = new Set(lookedAt(ledger, split).flatMap((look) => look.groups))
  return groups.filter((group) => !read.has(group))
}

/**
 * Enters a look into the ledger, before it is taken. The first look of a candidate spends a share of what is left, by
 * the rule of alpha-investing (Foster and Stine, JRSS B 2008, section 3): `alpha / (1 − alpha) = left / (2 + proposals
 * since the last better one)`. It is spent whatever the verdict is. The k-th proposal in a row thus gets about `budget
 * / (k (k + 1))`.
 *
 * Until something is earned, the sum of what is spent is at most the budget. The probability of any false `better` then
 * stays within the budget, also if the same cases decide on several proposals, as long as proposers learn only verdicts
 * from these cases (a union bound over the earlier verdicts). Groups that were read before are counted in `reused`.
 *
 * @throws `T2_LEDGER_SPENT` if too little is left for a test; `T2_GATE_CASE` if the look reads no group.
 */
export function takeLook(
  ledger: Ledger,
  look: Pick<LedgerLook, 'candidate' | 'split' | 'groups'>,
): { readonly ledger: Ledger; readonly allocation: AlphaAllocation } {
  check(ledger)
  const { candidate, split } = look
  if (look.groups.length === 0) {
    throw raise('T2_GATE_CASE', `The look at ${JSON.stringify(candidate)} reads no group.`)
  }
  const own = lookedAt(ledger, split).filter((one) => one.candidate === candidate)
  const others = lookedAt(ledger, split).filter((one) => one.candidate !== candidate)
  const seen = new Set(own.flatMap(({ groups }) => groups))
  const groups = [...new Set(look.groups)].filter((group) => !seen.has(group))
  const taken = new Set(others.flatMap((one) => one.groups))
  const reused = groups.filter((group) => taken.has(group)).length
  const anyReused = reused > 0 || own.some(({ basis }) => basis === 'reused')
  const basis = anyReused ? ('reused' as const) : ('fresh' as const)
  const first = own[0]
  const spent = first ? 0 : ledger.left / (1 + proposalsSinceBetter(ledger) + 1)
  const alpha = first?.alpha ?? spent / (1 + spent)
  if (alpha < leastAlpha) {
    const left = ledger.left.toPrecision(2)
    throw raise(
      'T2_LEDGER_SPENT',
      `Of the error budget of ${ledger.alpha}, ${left} is left, too little for a test.`,
    )
  }
  const left = ledger.left - spent
  const entry = { candidate, split, groups, reused, alpha, spent, earned: 0, left, basis }
  return {
    ledger: { ...ledger, left, looks: [...ledger.looks, entry] },
    allocation: { alpha, basis, fresh: groups.length - reused, reused },
  }
}

/**
 * Enters a verdict for the last look of a candidate. A `better` on fresh cases earns the budget once, so that a
 * campaign that finds improvements can continue. The expected share of wrong candidates among the accepted ones then
 * stays near the budget (mFDR, Foster and Stine, section 4). On reused cases nothing is earned: earning requires cases
 * about which earlier verdicts say nothing.
 */
export function settleLook(ledger: Ledger, candidate: string, verdict: Verdict): Ledger {
  check(ledger)
  const at = ledger.looks.findLastIndex((look) => look.candidate === candidate)
  const last = ledger.looks[at]
  if (!last) throw raise('T2_LEDGER', `No look at ${JSON.stringify(candidate)} was written down.`)
  const settled = ledger.looks.some((look) => look.candidate === candidate && look.earned > 0)
  const earned = verdict === 'better' && last.basis === 'fresh' && !settled ? ledger.alpha : 0
  const left = ledger.left + earned
  return {
    ...ledger,
    left,
    looks: ledger.looks.with(at, { ...last, verdict, earned: last.earned + earned, left }),
  }
}

function lookedAt(ledger: Ledger, split: string): readonly LedgerLook[] {
  return ledger.looks.filter((look) => look.split === split)
}

function proposalsSinceBetter({ looks }: Ledger): number {
  const after = looks.findLastIndex(({ earned }) => earned > 0)
  return new Set(looks.slice(after + 1).map(({ candidate, split }) => `${split}\n${candidate}`))
    .size
}

/** Whether the amounts of a ledger add up. */
function check({ alpha, left, looks }: Ledger): void {
  const sum = looks.reduce((rest, { spent, earned }) => rest - spent + earned, alpha)
  const sound =
    left >= 0 &&
    Math.abs(sum - left) <= 1e-9 &&
    looks.every(({ spent, earned }) => spent >= 0 && earned >= 0)
  if (!sound)
    throw raise('T2_LEDGER', `The ledger says that ${left} is left; its looks leave ${sum}.`)
}
