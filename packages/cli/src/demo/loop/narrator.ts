import { counted, formatCount, printable } from '@trace2/core'
import type { ExperimentResult, VerdictResult } from '@trace2/evaluation'
import { backward, type ModelLimits, type StepResult, smallContext } from '@trace2/optimizer'
import { commandLines, type Paint, renderText, type Tone, wrapped } from '@trace2/render'
import type { Store } from '@trace2/store'
import type { ModelConnection } from '../agent/model.ts'
import type { EvaluatedRun, Scores } from '../evaluation/evaluate.ts'
import { scoreOf } from '../evaluation/guide.ts'
import type { DemoOptions } from './options.ts'
import type { SplitTickets } from './proof.ts'
import { evaluationLines, verdictLines } from './proof-text.ts'
import { proposalText } from './proposal.ts'
import { percent, scoreTable } from './scores.ts'

interface SplitScores {
  readonly train: Scores
  readonly heldOut: Scores
}

/** Says what the demo does. It prints and decides nothing. */
export class Narrator {
  readonly #print: (text: string) => void
  readonly #paint: Paint
  readonly #columns: number
  readonly #model: ModelConnection

  constructor({ print, paint, columns }: DemoOptions, model: ModelConnection) {
    this.#print = print ?? ((text) => process.stdout.write(`${text}\n`))
    this.#paint = paint ?? ((_tone, text) => text)
    this.#columns = columns ?? 100
    this.#model = model
  }

  opening(url: string, directory: string): void {
    this.#print(this.#paint('strong', 'Trace2: a support agent learns from its own stored runs'))
    this.#say(
      `The agent classifies a ticket, looks up the policy, decides about a refund and drafts the reply. Two prompts and one number in it are parameters. Its spans go through the stock OTLP/HTTP exporter to a collector at ${url}, which stores them in ${directory}/trace2.duckdb.`,
    )
    this.#say(
      this.#model.simulated
        ? 'Model: the bundled simulated model, which follows explicit instructions by rules. Every figure below is a figure of this simulation, not of a language model. With OPENAI_API_KEY set (and OPENAI_BASE_URL), the same program uses a real one.'
        : `Model: ${printable(this.#model.model)} at ${printable(this.#model.url)}.`,
    )
  }

  scoresBefore(scores: SplitScores, { train, validation, holdout }: SplitTickets): void {
    this.#heading(
      `Before: ${counted(train.length, 'training ticket')}, ${validation.length} to try on, ${counted(holdout.length, 'held-out ticket')}`,
    )
    this.#table(scores, 'score')
  }

  feedbackGiven(round: number, given: number, { train }: SplitTickets): void {
    this.#heading(`Round ${round}: feedback`)
    this.#say(
      round === 1
        ? `The guide compares what the ${counted(train.length, 'training run')} did with what colleagues had decided, and leaves ${counted(given, 'piece')} of feedback on the stored runs, each on the step it is about: a score, and words where something was wrong. The other runs get none, and the optimizer reads none of them.`
        : `The guide leaves ${counted(given, 'piece')} of feedback on the new training runs.`,
    )
  }

  async failingRun(store: Store, worst: EvaluatedRun): Promise<void> {
    const graph = await store.graph(worst.traceId)
    const feedback = await store.feedback([worst.traceId])
    const pass = backward(graph, feedback)
    this.#print('')
    this.#say(
      `The run with the lowest score (${percent(scoreOf(worst.reviews))}), as the collector derived its graph from the spans:`,
    )
    this.#print('')
    this.#print(renderText(graph, { feedback, width: this.#columns, paint: this.#paint }))
    this.#print('')
    this.#say('Feedback goes backwards along the edges, to the parameters that took part:')
    for (const { parameter, feedback: arrived } of pass.reached) {
      this.#print(`  ${this.#paint('parameter', printable(parameter.name))}`)
      for (const { name, score, comment } of arrived) {
        const words = comment ? `: ${printable(comment)}` : ''
        this.#hang('    ', 'feedback', '← ', `${printable(name)} ${score ?? ''}${words}`)
      }
    }
    for (const { parameter, reason } of pass.unreached) {
      this.#hang(
        '  ',
        'parameter',
        printable(parameter.name),
        ` is not reached: ${printable(reason)}`,
      )
    }
    this.#print('')
  }

  limits({ model, contextTokens, source }: ModelLimits): void {
    if (source !== 'assumed' || contextTokens > smallContext) return
    this.#say(
      `The context of ${printable(model)} is not known and taken as ${contextTokens} tokens: set --context.`,
    )
  }

  proposals(round: number, step: StepResult): void {
    this.#heading(`Round ${round}: proposals`)
    if (step.proposals.length === 0) {
      this.#say('The optimizer proposes no change.')
      return
    }
    for (const proposal of step.proposals) {
      for (const line of proposalText(proposal, this.#columns, this.#paint)) this.#print(line)
      this.#print('')
    }
    const [first] = step.proposals
    if (!first) return
    const { llmCalls, inputTokens, outputTokens, costUsd } = first
    const calls = llmCalls.length === 1 ? 'one model call' : `${llmCalls.length} model calls`
    this.#say(
      `Cost of this step: ${calls}, ${counted(inputTokens, 'token')} in, ${formatCount(outputTokens)} out, ${this.#price(costUsd)}.`,
    )
    this.#say('Nothing has changed for the agent until here.')
  }

  evaluated(round: number, result: ExperimentResult | undefined): void {
    this.#heading(`Round ${round}: evaluate`)
    if (!result) {
      this.#say('No training ticket was kept back to try the proposals on.')
      return
    }
    this.#say(
      `The proposals together are tried on the ${counted(result.experiment.cases.length, 'ticket')} kept back, beside what is in force. What does not depend on the change is answered from the stored runs.`,
    )
    for (const line of evaluationLines(result, this.#paint)) this.#say(line)
  }

  decided(round: number, result: VerdictResult): void {
    this.#heading(`Round ${round}: verdict`)
    this.#say(
      'Held-out tickets are opened a few at a time, until they decide or all of them are open.',
    )
    for (const line of verdictLines(result, this.#paint)) this.#say(line)
    this.#say(
      result.report.verdict === 'worse'
        ? 'The proposals are not accepted, and the demo ends here.'
        : 'The proposals are accepted: their values go into trace2.parameters.json, and the agent runs the training tickets again with them.',
    )
    this.#print('')
  }

  #price(costUsd: number | null): string {
    if (this.#model.simulated) return 'for nothing (simulated model)'
    return costUsd === null ? 'at a price not known here' : `${costUsd.toFixed(4)} USD`
  }

  scoresInRound(scores: Scores): void {
    for (const line of scoreTable(
      { 'training tickets': scores },
      this.#paint,
      this.#label('score now'),
    )) {
      this.#print(line)
    }
  }

  scoresAfter(before: SplitScores, after: SplitScores): void {
    this.#heading('After')
    this.#table(after, 'score')
    const [from, to] = [percent(before.heldOut.overall), percent(after.heldOut.overall)]
    this.#print('')
    const rise = after.heldOut.overall > before.heldOut.overall
    const text = `All held-out tickets, which no feedback and no optimizer has seen: ${from} → ${to}${this.#model.simulated ? ' (simulated model)' : ''}`
    for (const line of wrapped(text, this.#columns)) {
      this.#print(this.#paint(rise ? 'good' : 'error', line))
    }
  }

  closing(
    trace2: string,
    directory: string,
    run: EvaluatedRun,
    proposal: string | undefined,
  ): void {
    this.#heading('Look around')
    const db = `--db ${directory}/trace2.duckdb`
    const commands = [
      ['runs', 'the runs, with scores'],
      [`graph ${run.traceId.slice(0, 8)} --backward`, 'one run, and the way of its feedback'],
      ['parameters triage.classify --history', 'every version of a prompt'],
      ['proposals', 'what was proposed, and on what grounds'],
      ...(proposal === undefined
        ? []
        : [[`report ${proposal}`, 'what is known of a proposal, for a pull request'] as const]),
      ['datasets', 'the tickets as cases, and their splits'],
      ['sql "SELECT name, avg(score) FROM v_feedback GROUP BY name"', 'anything else'],
    ] satisfies (readonly [string, string])[]
    for (const [command, what] of commands) {
      this.#print(`  ${this.#paint('faint', `# ${what}`)}`)
      for (const line of commandLines(`${trace2} ${command} ${db}`, this.#columns))
        this.#print(line)
    }
    this.#print(`  ${this.#paint('faint', '# the values in force, made for review in git')}`)
    this.#print(`  cat ${directory}/trace2.parameters.json`)
  }

  #table({ train, heldOut }: SplitScores, heading: string): void {
    const rows = { 'training tickets': train, 'held-out tickets': heldOut }
    for (const line of scoreTable(rows, this.#paint, this.#label(heading))) this.#print(line)
  }

  #label(heading: string): string {
    return this.#model.simulated ? `${heading} (simulated model)` : heading
  }

  #heading(text: string): void {
    this.#print(
      `\n${this.#paint('strong', `── ${text} `)}${this.#paint('faint', '─'.repeat(Math.max(2, this.#columns - text.length - 4)))}`,
    )
  }

  /** Text behind a coloured mark; what does not fit goes on below, a little to the right of the mark. */
  #hang(indent: string, tone: Tone, mark: string, text: string): void {
    const [first = '', ...rest] = wrapped(`${mark}${text}`, this.#columns - indent.length - 2)
    this.#print(`${indent}${this.#paint(tone, mark)}${first.slice(mark.length)}`)
    for (const line of rest) this.#print(`${indent}  ${line}`)
  }

  #say(text: string): void {
    for (const line of wrapped(text, this.#columns)) this.#print(line)
  }
}
