import {
  betterOfSeveral,
  ConfidenceSequence,
  Gate,
  openLedger,
  settleLook,
  takeLook,
} from '@trace2/evaluation/gate'
import { type Random, seeded, shareOf, streams } from '@trace2/evaluation/simulation'
import { percent, table } from './gate-table.ts'

const candidates = 20
const validationCases = 45
const holdoutCases = 190

/** Campaigns of candidates none of which is better: what is reported of the best, and how many ship one. */
export function campaigns(runs: number): void {
  console.log(`Campaigns of ${candidates} candidates that are as good as the base`)
  const chosen = Array.from({ length: runs }, (_, run) => bestOfMany(seeded(run + 1)))
  const mean = (value: (one: (typeof chosen)[number]) => number) =>
    ((chosen.reduce((sum, one) => sum + value(one), 0) / runs) * 100).toFixed(1)
  table(
    ['the best of them', 'reported minus true, points', 'campaigns that ship it'],
    [
      [
        `on the ${validationCases} cases that chose it`,
        mean(({ naive }) => naive),
        percent(shareOf(chosen, ({ naive }) => naive > 0)),
      ],
      [
        'by the gate, on up to 190 others',
        mean(({ reported }) => reported),
        percent(shareOf(chosen, ({ ships }) => ships)),
      ],
    ],
  )
  const inTurn = shareOf(
    Array.from({ length: runs }, (_, run) => everyOneInTurn(seeded(run + 1))),
    Boolean,
  )
  const together = shareOf(
    Array.from({ length: runs }, (_, run) => allTogether(seeded(run + 1))),
    Boolean,
  )
  table(
    ['all of them', 'campaigns that ship any'],
    [
      ['one after another, by the ledger', percent(inTurn)],
      ['together, by e-BH', percent(together)],
    ],
  )
}

function bestOfMany(random: Random): { naive: number; reported: number; ships: boolean } {
  const naive = Math.max(
    ...Array.from({ length: candidates }, () => {
      const differences = drawn(random, validationCases)
      return differences.reduce((sum, one) => sum + one, 0) / validationCases
    }),
  )
  const gate = new Gate({ scale: { min: 0, max: 1 }, worth: 0.1, affordable: holdoutCases })
  let report = gate.report
  for (let count = 0; count < holdoutCases && report.advice === 'go on'; count += 10) {
    report = gate.look(
      Array.from({ length: 10 }, (_, index) => {
        const { base, candidate } = streams.binary(0)(random, count + index)
        return { case: String(count + index), base: [base], candidate: [candidate] }
      }),
    )
  }
  return { naive, reported: report.effect?.mean ?? 0, ships: report.verdict === 'better' }
}

function everyOneInTurn(random: Random): boolean {
  let ledger = openLedger(0.05)
  const groups = Array.from({ length: holdoutCases }, (_, index) => String(index))
  for (let number = 0; number < candidates; number++) {
    const candidate = String(number)
    const look = takeLook(ledger, { candidate, split: 'holdout', groups })
    const { eValue } = tested(drawn(random, holdoutCases), look.allocation.alpha)
    if (eValue >= 1 / look.allocation.alpha) return true
    ledger = settleLook(look.ledger, candidate, 'not enough evidence')
  }
  return false
}

function allTogether(random: Random): boolean {
  const evidence = Array.from({ length: candidates }, (_, number): [string, number] => {
    const { eValue } = tested(drawn(random, holdoutCases), 0.05 / candidates)
    return [String(number), eValue]
  })
  return betterOfSeveral(new Map(evidence), 0.05).length > 0
}

function tested(differences: readonly number[], alpha: number): { eValue: number } {
  const sides = { alphaLower: alpha, alphaUpper: alpha }
  const sequence = new ConfidenceSequence({
    low: -1,
    high: 1,
    ...sides,
    horizon: holdoutCases,
    critical: [0],
  })
  for (const difference of differences) sequence.add(difference)
  return { eValue: sequence.eValueAbove(0) }
}

function drawn(random: Random, count: number): number[] {
  const stream = streams.binary(0)
  return Array.from({ length: count }, (_, index) => {
    const { base, candidate } = stream(random, index)
    return candidate - base
  })
}
