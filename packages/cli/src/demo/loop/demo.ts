import { join, relative, resolve } from 'node:path'
import { startCollector } from '@trace2/collector'
import { loadParametersFile, start } from '@trace2/instrumentation/node'
import { accept, type ModelSettings, optimize, type Progress } from '@trace2/optimizer'
import { createAgent } from '../agent/agent.ts'
import { connectModel } from '../agent/model.ts'
import { evaluate, lowest, type Scores, scoresOf } from '../evaluation/evaluate.ts'
import { heldOutTickets } from '../tickets/held-out.ts'
import { trainTickets } from '../tickets/train.ts'
import { caughtUp } from './caught-up.ts'
import { makeDirectory } from './directory.ts'
import { failed } from './failed.ts'
import { giveFeedback } from './feedback.ts'
import { Narrator } from './narrator.ts'
import type { DemoOptions } from './options.ts'
import { callsOf, Proof, reasonFor, splitTickets, type TrialCalls } from './proof.ts'

export interface DemoResult {
  readonly before: { readonly train: Scores; readonly heldOut: Scores }
  readonly after: { readonly train: Scores; readonly heldOut: Scores }
  /** What trying the proposals of each round on the tickets kept back has shown. */
  readonly evaluations: readonly DemoTrials[]
  /** What the held-out tickets that were opened said of the proposals of each round. */
  readonly verdicts: readonly (DemoTrials & { readonly verdict: string; readonly cases: number })[]
  /** Ids of the proposals that were made and accepted. */
  readonly accepted: readonly string[]
  /** Whether the figures come from the simulated model. */
  readonly simulated: boolean
  /** Where the database and the parameters file are. */
  readonly directory: string
}

/** Trials of proposals beside what is in force. */
export interface DemoTrials extends TrialCalls {
  readonly experiment: string
  /** Mean scores from 0 to 1; `null` where no ticket could be compared. */
  readonly before: number | null
  readonly after: number | null
}

/**
 * The whole loop on a support agent, explained as it goes: runs leave as OpenTelemetry spans through the stock
 * OTLP/HTTP exporter, a collector stores them in DuckDB, reviewers' feedback is carried back over the stored graphs,
 * the optimizer proposes, proposals are tried on tickets kept back and decided on by held-out ones, accepted into a
 * parameters file, and the agent runs again with it.
 *
 * @returns scores from 0 to 1 before and after; held-out tickets are never seen by feedback or optimizer. Rejects with
 * `T2_DEMO_MODEL` where the model's endpoint does not answer; the error says where the data is and how to go on with it.
 */
export async function runDemo(options: DemoOptions = {}): Promise<DemoResult> {
  const { seed = 1, rounds = 2, tickets, command = 'npx trace2' } = options
  const { environment = process.env } = options
  const training = trainTickets.slice(0, tickets)
  const heldOut = heldOutTickets.slice(0, tickets)
  const split = splitTickets(training, heldOut)
  const learned = new Set(split.train)
  const directory = await makeDirectory(options.directory ?? 'trace2-demo')
  // A path that is easy to copy: relative below the working directory, absolute elsewhere.
  const below = relative('', directory)
  const shown = below.startsWith('..') ? resolve(directory) : below
  const database = join(directory, 'trace2.duckdb')
  const file = join(directory, 'trace2.parameters.json')

  const { timeoutMs, maxAnswerTokens, contextTokens } = options
  const settings: ModelSettings = {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxAnswerTokens === undefined ? {} : { maxAnswerTokens }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  }
  const model = await connectModel(environment, seed, settings)
  const tell = new Narrator(options, model)
  const collector = await startCollector({ db: database, port: 0 })
  const telemetry = start({
    serviceName: 'support-triage',
    endpoint: collector.url,
    parametersFile: file,
  })
  const { store } = collector
  let given = 0
  let proof: Proof | undefined
  try {
    const agent = createAgent(model)
    const sent = async () => {
      await telemetry.flush()
      await caughtUp(collector)
    }
    const runOn = async (reviewed: typeof trainTickets) => {
      const progress = options.progress?.('Running the agent')
      try {
        return await evaluate(
          agent,
          reviewed,
          (done) =>
            progress?.update(done, reviewed.length, `${done} of ${reviewed.length} tickets`),
          options.concurrency,
        )
      } finally {
        progress?.stop()
        await sent()
      }
    }

    tell.opening(collector.url, shown)
    let train = (await runOn(training)).filter(({ ticket }) => learned.has(ticket))
    const before = { train: scoresOf(train), heldOut: scoresOf(await runOn(heldOut)) }
    tell.scoresBefore(before, split)

    const worst = lowest(train)
    const accepted: string[] = []
    const evaluations: DemoTrials[] = []
    const verdicts: DemoResult['verdicts'][number][] = []
    for (let round = 1; round <= rounds; round++) {
      given = await giveFeedback(store, train)
      await sent()
      tell.feedbackGiven(round, given, split)
      if (round === 1) await tell.failingRun(store, worst)

      const asking = options.progress?.('Asking the optimizer')
      const step = await optimize(store, {
        ...settings,
        ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
        runs: { ids: train.map(({ traceId }) => traceId) },
        transport: model.transport,
        model: model.model,
        file,
        onProgress(event) {
          if (event.kind === 'limits' && round === 1) tell.limits(event.limits)
          if (event.kind === 'asking') asking?.update(event.activity.done, 0, askingText(event))
        },
      }).finally(() => asking?.stop())
      tell.proposals(round, step)
      if (step.proposals.length === 0) break
      proof ??= await Proof.begin({
        store,
        model,
        tickets: split,
        file,
        // A trial asks twice.
        timeoutMs: 2 * (timeoutMs ?? longestCallMs),
        ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
        ...(options.progress ? { progress: options.progress } : {}),
      })
      const tried = await proof.evaluate(step.proposals)
      tell.evaluated(round, tried)
      if (tried) evaluations.push(...tried.candidates.map((one) => trialsOf(tried, one)))
      const decided = await proof.verdict(step.proposals)
      tell.decided(round, decided)
      const { verdict, counts } = decided.report
      const of = { experiment: { id: decided.verdict.experiment } }
      verdicts.push({ ...trialsOf(of, decided.result), verdict, cases: counts.cases })
      if (verdict === 'worse') break
      const ids = step.proposals.map(({ id }) => id)
      const note = reasonFor(verdict) ?? `The verdict is "${verdict}".`
      // Unusual changes too: what they do has been seen.
      await accept(store, ids, { file, note: `Accepted by the demo. ${note}`, marked: true })
      accepted.push(...ids)
      // What a deployment would do: the agent takes the values from the file.
      loadParametersFile(file)
      train = await runOn(split.train)
      tell.scoresInRound(scoresOf(train))
    }

    const after = { train: scoresOf(train), heldOut: scoresOf(await runOn(heldOut)) }
    tell.scoresAfter(before, after)
    tell.closing(command, shown, worst, accepted[0])
    const { simulated } = model
    return { before, after, evaluations, verdicts, accepted, simulated, directory }
  } catch (error) {
    const runs = (await store.runs({ limit: 0 })).length
    throw failed(error, { database: `${shown}/trace2.duckdb`, runs, feedback: given, command })
  } finally {
    await proof?.close()
    await telemetry.shutdown()
    await collector.close()
    await model.close()
  }
}

/** What a call of a model takes at most where nobody says. */
const longestCallMs = 600_000

function trialsOf(
  { experiment }: { readonly experiment: { readonly id: string } },
  result: Parameters<typeof callsOf>[0],
): DemoTrials {
  const [before, after] = [result.base.score, result.own.score]
  return { experiment: experiment.id, before, after, ...callsOf(result) }
}

function askingText({ activity }: Extract<Progress, { readonly kind: 'asking' }>): string {
  const { done, known, tokens } = activity
  return `${done} of ${known} calls${tokens === 0 ? '' : `, about ${tokens} tokens so far`}`
}
