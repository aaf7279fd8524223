import { printable } from '@trace2/core'
import type { GateReport } from '@trace2/evaluation/gate'
import type { Store, StoredVerdict } from '@trace2/store'
import { raise } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface OverrideOptions {
  readonly override?: string
}

/** What the verdicts on proposals say of accepting them. */
export interface Standing {
  /** The latest verdict on each, by its id. */
  readonly verdicts: ReadonlyMap<string, StoredVerdict>
  /** Why someone should not simply accept them; `undefined` where all are found better. */
  readonly doubt: string | undefined
  /** Whether one was found worse. */
  readonly isWorse: boolean
}

export async function standingOf(store: Store, ids: readonly string[]): Promise<Standing> {
  const verdicts = new Map<string, StoredVerdict>()
  const without: string[] = []
  const doubts: string[] = []
  let isWorse = false
  for (const given of ids) {
    const { id } = await store.proposal(given)
    const [latest] = await store.verdicts({ proposal: id })
    if (latest) verdicts.set(id, latest)
    if (!latest) without.push(id)
    else if (latest.verdict === 'worse') {
      isWorse = true
      doubts.push(`${id} was found worse.`)
    } else if (latest.verdict !== 'better')
      doubts.push(`The verdict on ${id} is: ${latest.verdict}.`)
  }
  if (without.length > 0) doubts.push(`No verdict says that ${without.join(', ')} is better.`)
  return { verdicts, doubt: doubts.length === 0 ? undefined : doubts.join(' '), isWorse }
}

/**
 * The note to keep of accepting proposals: the reason of a person where no verdict speaks for them.
 *
 * @param binding whether nothing is accepted without a verdict or a reason, also where nobody can be asked.
 * @throws {Trace2Error} `T2_NOT_BETTER`
 */
export async function noteOfAccepting(
  { doubt, isWorse }: Standing,
  { override }: OverrideOptions,
  binding: boolean,
  terminal: Terminal,
): Promise<string | undefined> {
  if (doubt === undefined) return undefined
  if (override !== undefined && override.trim() !== '') return `Accepted all the same: ${override}`
  const reason = await terminal.ask(
    `${printable(doubt)} Why accept it all the same? (nothing: do not)`,
  )
  if (reason) return `Accepted all the same: ${reason}`
  if (reason !== undefined || isWorse || binding) throw raise('T2_NOT_BETTER', doubt)
  terminal.note(
    terminal.paintNote(
      'faint',
      `${doubt} \`trace2 verdict\` decides it; \`--override\` keeps a reason.`,
    ),
  )
  return undefined
}

/** `better (+12.0 points, 34 cases)`: a verdict in a few words. */
export function verdictWords({ verdict, report }: StoredVerdict): string {
  if (!isReport(report)) return verdict
  const { effect, counts } = report
  const mean = effect
    ? `${effect.mean >= 0 ? '+' : '−'}${Math.abs(effect.mean * 100).toFixed(1)} points, `
    : ''
  return `${verdict} (${mean}${counts.cases} ${counts.cases === 1 ? 'case' : 'cases'})`
}

function isReport(report: unknown): report is Pick<GateReport, 'effect' | 'counts'> {
  return typeof report === 'object' && report !== null && 'counts' in report
}
