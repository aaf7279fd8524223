import { existsSync } from 'node:fs'
import type { Store } from '@trace2/store'
import { counted } from '../text/values.ts'
import type { ForwardState, RunningCollector } from './collectors.ts'
import type { LastCall } from './last-call.ts'

/** Something that somebody should look at. */
export interface Problem {
  readonly severity: 'warning' | 'error'
  readonly message: string
  readonly remedy: string
}

/** What a counter of a collector means when it is not zero. */
interface Loss {
  readonly metric: string
  readonly message: (count: number) => string
  readonly remedy: string
}

const losses: readonly Loss[] = [
  {
    metric: 'trace2_spans_rejected_total',
    message: (count) => `rejected ${counted(count, 'span')}`,
    remedy: 'Their senders were told why (partial success): look at the log of the agent.',
  },
  {
    metric: 'trace2_journal_damaged_entries_total',
    message: (count) => `lost ${counted(count, 'request')} to damage of its journal`,
    remedy: 'Look at the disk: what was acknowledged was changed afterwards.',
  },
  {
    metric: 'trace2_store_set_aside_total',
    message: (count) => `set ${counted(count, 'request')} aside that cannot be stored`,
    remedy: '`trace2 doctor` says where they are kept.',
  },
  {
    metric: 'trace2_forward_refused_total',
    message: (count) => `had ${counted(count, 'request')} refused by forward targets`,
    remedy: '`trace2 doctor` says where they are kept, with the reasons.',
  },
  {
    metric: 'trace2_forward_rejected_total',
    message: (count) => `sent on ${counted(count, 'record')} that a forward target did not take`,
    remedy: 'Its log has what the target said.',
  },
  {
    metric: 'trace2_forward_abandoned_total',
    message: (count) =>
      `gave up ${counted(count, 'request')} for a forward target that does not answer`,
    remedy: 'Start the target, or take it out of `forward`.',
  },
]

/** Seconds that something acknowledged may wait before that is worth a word. */
const LONG_WAIT = 60

/** Seconds after which a target that did not answer is not only slow. */
const NO_ANSWER = 3

/** What running collectors have to be asked about. */
export function collectorProblems(collectors: readonly RunningCollector[]): Problem[] {
  return collectors.flatMap(({ url, ready, reasons, counts, targets }): Problem[] => {
    const problems: Problem[] = []
    if (!ready) {
      const message = `The collector at ${url} is not ready: ${reasons.join('; ')}.`
      problems.push({ severity: 'error', message, remedy: 'Look at its log; start it again.' })
    }
    for (const { metric, message, remedy } of losses) {
      const count = counts?.[metric] ?? 0
      const what = `The collector at ${url} ${message(count)}.`
      if (count > 0) problems.push({ severity: 'warning', message: what, remedy })
    }
    const dead = targets.filter(isDead)
    for (const { target, waiting, seconds } of dead) {
      const message = `The forward target ${target} takes nothing: ${counted(waiting, 'request')} ${waiting === 1 ? 'waits' : 'wait'} for it, the oldest for ${counted(Math.round(seconds), 'second')}.`
      const remedy =
        'Start it, correct its address, or take it out of `forward`. It is tried again by itself, and nothing is lost until the journal is full.'
      problems.push({ severity: 'warning', message, remedy })
    }
    const waited = counts?.trace2_consumer_lag_seconds ?? 0
    if (waited > LONG_WAIT && dead.length === 0) {
      const message = `What the collector at ${url} has acknowledged waits for ${counted(Math.round(waited), 'second')}.`
      const remedy = 'The store or a forward target takes nothing; its log says which.'
      problems.push({ severity: 'warning', message, remedy })
    }
    return problems
  })
}

function isDead({ waiting, seconds, retries }: ForwardState): boolean {
  return waiting > 0 && retries > 0 && seconds >= NO_ANSWER
}

/** A collector that did not end in order, and that nobody has started again. */
export function goneProblems(path: string, collectors: readonly RunningCollector[]): Problem[] {
  if (!existsSync(`${path}.owner.json`) || collectors.some(({ db }) => db === path)) return []
  return [
    {
      severity: 'warning',
      message: `The collector of ${path} is gone, and did not end in order.`,
      remedy:
        'Start it again with `trace2 collect`: what it had acknowledged is in its journal, and is stored then.',
    },
  ]
}

/** Acceptances and rollbacks whose command was ended on its way. */
export async function decisionProblems(store: Store): Promise<Problem[]> {
  const { interruptedDecisions } = await import('@trace2/optimizer')
  const { decisionText } = await import('@trace2/store')
  const interrupted = await interruptedDecisions(store)
  return interrupted.map((decision) => ({
    severity: 'warning',
    message: `${decisionText(decision)} is not finished: its command was ended on its way.`,
    remedy: `The next \`trace2 accept\`, \`reject\` or \`rollback\` on ${decision.machine} finishes it.`,
  }))
}

/** What the latest question to a model failed for. */
export async function callProblems(last: LastCall | null): Promise<Problem[]> {
  if (last?.state !== 'failed' || last.superseded) return []
  const [, code = last.answered ? 'T2_MODEL_ANSWER' : 'T2_MODEL_CALL', words = last.error] =
    /^(T2_[A-Z_]+): ([\s\S]*)$/.exec(last.error) ?? []
  const what = last.asker === 'step' ? 'The last step' : 'The last question of a guide'
  const { evaluationErrors } = await import('@trace2/evaluation')
  const { optimizerErrors } = await import('@trace2/optimizer')
  const entries = Object.entries({ ...evaluationErrors, ...optimizerErrors })
  const [, entry] = entries.find(([known]) => known === code) ?? []
  const message = `${what} failed with ${code} (${last.model}): ${words}`
  return [{ severity: 'error', message, remedy: entry?.remedy ?? '' }]
}
