import { isParameterName, type Json } from '@trace2/core'
import type { CaseFeedback, Feedback, RunQuery, RunSummary, Store } from '@trace2/store'
import { type Draft, draftOf } from '../draft.ts'
import { caseMetadata } from '../metadata.ts'
import { correctionOf } from './correction.ts'
import { runsWithInputs, type Unusable } from './inputs-of-runs.ts'
import type { RecordedRun } from './recorded-runs.ts'
import { damageOf } from './whole.ts'

/**
 * Where references come from: what people and judges said is right, and optionally the outputs of runs with good
 * scores.
 */
export type ReferenceSource = 'corrections' | 'good runs' | 'none'

export interface RunCasesOptions {
  readonly query?: RunQuery
  /** Only runs that used this parameter. */
  readonly parameter?: string
  /** Default `corrections`; `good runs` takes corrections first. */
  readonly references?: ReferenceSource
  /** Further names of feedback whose label or comment is the right output. */
  readonly correctionNames?: readonly string[]
  /** Score from which a run is good, from 0 to 1. Default 0.8. */
  readonly goodFrom?: number
  readonly onProgress?: (done: number, total: number) => void
}

/** A draft and what its run is sampled by. */
export interface RunDraft {
  readonly draft: Draft
  readonly score: number | null
  readonly failed: boolean
}

export interface RunCases {
  readonly drafts: readonly RunDraft[]
  readonly runs: number
  /** Runs that cannot be cases, by reason. */
  readonly unusable: { readonly [reason in Unusable]?: number }
}

const usuallyGood = 0.8

/** Makes a draft of each run whose input the store has whole. */
export async function draftsOfRuns(
  store: Pick<Store, 'runs' | 'feedback' | 'sql'>,
  options: RunCasesOptions = {},
): Promise<RunCases> {
  const runs = await chosenRuns(store, options)
  const unusable = new Map<Unusable, number>()
  const drafts: RunDraft[] = []
  let done = 0
  for await (const some of runsWithInputs(store, runs)) {
    const recorded = some.map(({ one }) => one)
    const feedback = await feedbackByTrace(store, recorded)
    for (const { one, inputs } of some) {
      if (typeof inputs === 'string') unusable.set(inputs, (unusable.get(inputs) ?? 0) + 1)
      else drafts.push(runDraft(one, inputs, feedback.get(one.run.id) ?? [], options))
    }
    done += recorded.length
    options.onProgress?.(done, runs.length)
  }
  return { drafts, runs: runs.length, unusable: Object.fromEntries(unusable) }
}

async function chosenRuns(
  store: Pick<Store, 'runs'>,
  { query = {}, parameter }: RunCasesOptions,
): Promise<readonly RunSummary[]> {
  if (parameter === undefined) return store.runs(query)
  if (!isParameterName(parameter)) return []
  // A name of letters, digits and `. _ - /` needs no quoting within the quotes.
  const used = `trace_id IN (SELECT trace_id FROM v_parameter_use WHERE name = '${parameter}')`
  const where = query.where === undefined ? used : `${used} AND (\n${query.where}\n)`
  const runs = await store.runs({ ...query, where })
  // Of several runs in a trace, those that used it themselves.
  return runs.filter(({ parameters }) => Object.hasOwn(parameters, parameter))
}

function runDraft(
  recorded: RecordedRun,
  inputs: Draft['inputs'],
  feedback: readonly Feedback[],
  options: RunCasesOptions,
): RunDraft {
  const { run } = recorded
  const { reference, from } = referenceOf(recorded, feedback, options)
  const metadata = { ...(from === null ? {} : { [caseMetadata.referenceFrom]: from }) }
  const draft = draftOf(inputs, {
    reference,
    feedback: feedback.map(caseFeedback),
    session: run.session,
    run: run.id,
    metadata: run.score === null ? metadata : { ...metadata, [caseMetadata.baseScore]: run.score },
  })
  return { draft, score: run.score, failed: run.failed }
}

function referenceOf(
  { run, output, outputCut }: RecordedRun,
  feedback: readonly Feedback[],
  { references = 'corrections', correctionNames = [], goodFrom = usuallyGood }: RunCasesOptions,
): { readonly reference: Json; readonly from: 'correction' | 'good run' | null } {
  if (references === 'none') return { reference: null, from: null }
  // What was said of a step inside the run corrects the step.
  const ofRun = feedback.filter(({ spanId }) => spanId === null || spanId === run.spanId)
  const correction = correctionOf(ofRun, { names: correctionNames, output })
  if (correction !== null) return { reference: correction, from: 'correction' }
  const good = !run.failed && run.score !== null && run.score >= goodFrom
  const whole = output !== null && !outputCut && damageOf(output) === undefined
  return references === 'good runs' && good && whole
    ? { reference: output, from: 'good run' }
    : { reference: null, from: null }
}

async function feedbackByTrace(
  store: Pick<Store, 'feedback'>,
  recorded: readonly RecordedRun[],
): Promise<ReadonlyMap<string, readonly Feedback[]>> {
  const judged = recorded.filter(({ run }) => run.feedback > 0).map(({ run }) => run)
  const found = new Map<string, Feedback[]>()
  if (judged.length === 0) return found
  // Where a trace holds several runs, the store says whose a piece is.
  const several = judged.filter(({ id, traceId }) => id !== traceId)
  const whole = judged.filter(({ id, traceId }) => id === traceId).map(({ id }) => id)
  for (const piece of whole.length > 0 ? await store.feedback(whole) : []) {
    const known = found.get(piece.traceId)
    if (known) known.push(piece)
    else found.set(piece.traceId, [piece])
  }
  for (const { id } of several) found.set(id, await store.feedback([id]))
  return found
}

function caseFeedback({ name, score, label, comment, source }: Feedback): CaseFeedback {
  return { name, score, label, comment, source }
}
