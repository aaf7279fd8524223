import { type NewUnseen, printable, printableJson, printableLines, unseenText } from '@trace2/core'
import { renderValueDiff, wrapped } from '@trace2/render'
import type {
  Feedback,
  FeedbackName,
  LlmCall,
  Proposal,
  RunSummary,
  Store,
  StoredVerdict,
} from '@trace2/store'
import type { Command } from 'commander'
import { verdictWords } from '../evaluation/verdict-standing.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { findProposal } from '../options/last.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { baseText, leftOutText, namesText } from '../text/evidence.ts'
import { examples } from '../text/examples.ts'
import { feedbackSummary } from '../text/feedback-summary.ts'
import { llmCallText } from '../text/llm-call.ts'
import { fields } from '../text/table.ts'
import { counted, formatCost, formatCount, formatTime, shortVersion } from '../text/values.ts'
import { runTable } from './runs.ts'

interface ShowOptions extends DatabaseOptions {
  readonly prompt?: true
  readonly json?: true
}

interface Shown {
  readonly proposal: Proposal
  readonly runs: readonly RunSummary[]
  readonly feedback: readonly Feedback[]
  /** What the names of the feedback mean. */
  readonly names: readonly FeedbackName[]
  readonly calls: readonly LlmCall[]
  /** The latest verdict on it. */
  readonly verdict: StoredVerdict | null
  /** Whether its value was taken back after it was accepted. */
  readonly rolledBack: boolean
  /** What a reader of the new value does not see, or takes for something else. */
  readonly unseen: readonly NewUnseen[]
}

export function addShow(program: Command, terminal: Terminal): void {
  program
    .command('show')
    .summary('show a proposal with its evidence')
    .description(
      'Shows a proposal: what would change, why, the runs and feedback it rests on, and what it cost.',
    )
    .argument('<proposal>', 'id of the proposal, or its beginning; `last` is the latest one')
    .option('--prompt', 'print the prompts and answers of the model as well')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 show last', 'trace2 show p-3f2a91c0 --prompt'))
    .action(async (id: string, options: ShowOptions) => {
      const shown = await withStore(options, (store) => load(store, id))
      if (options.json) return terminal.print(printableJson(shown, 2))
      terminal.print(proposalText(shown, terminal))
      if (options.prompt) {
        for (const call of shown.calls) terminal.print(`\n${llmCallText(call, terminal)}`)
      }
      terminal.next(nextSteps(shown, options).map((step) => suggested(step, options)))
    })
}

async function load(store: Store, id: string): Promise<Shown> {
  const { proposalUnseen, rolledBack } = await import('@trace2/optimizer')
  const proposal = await findProposal(store, id)
  const runs = proposal.runs.length === 0 ? [] : await store.runs({ ids: proposal.runs, limit: 0 })
  const wanted = new Set(proposal.feedback)
  const feedback = runs.length === 0 ? [] : await store.feedback(runs.map((run) => run.id))
  return {
    proposal,
    runs,
    feedback: feedback.filter((one) => wanted.has(one.id)),
    names: await store.feedbackNames(),
    calls: await store.llmCalls(proposal.llmCalls),
    verdict: (await store.verdicts({ proposal: proposal.id }))[0] ?? null,
    rolledBack: (await rolledBack(store)).has(proposal.id),
    unseen: proposalUnseen(proposal),
  }
}

const mostRuns = 8

function proposalText(
  { proposal, runs, feedback, names, verdict, rolledBack, unseen }: Shown,
  terminal: Terminal,
): string {
  const { paint, columns } = terminal
  const title = (text: string) => `\n${paint('strong', text)}`
  return [
    `${paint('strong', `Proposal ${printable(proposal.id)}`)}  ${rolledBack ? 'rolled back' : printable(proposal.status)}`,
    fields(
      [
        ['parameter', { text: proposal.parameter, tone: 'parameter' }],
        ['change', `${shortVersion(proposal.baseVersion)} → ${shortVersion(proposal.version)}`],
        ['made by', `${proposal.optimizer} with ${proposal.model}`],
        ['created', formatTime(proposal.createdAt)],
        ...(proposal.base
          ? [['base', baseText(proposal.base, proposal.baseVersion)] as const]
          : []),
        ['rests on', evidence(proposal)],
        ...leftOutFields(proposal),
        ['cost', cost(proposal)],
        ...(verdict ? [['verdict', verdictWords(verdict)] as const] : []),
        ...(proposal.marks ?? [])
          .filter(({ kind }) => kind !== 'invisible' || unseen.length === 0)
          .map(({ detail }) => ['marked', { text: detail, tone: 'error' }] as const),
        ...(unseen.length === 0
          ? []
          : [['hidden', { text: `adds ${unseenText(unseen)}`, tone: 'error' }] as const]),
        ...(proposal.decidedAt === null
          ? proposal.note === ''
            ? []
            : [['note', proposal.note] as const]
          : [[proposal.status, `${formatTime(proposal.decidedAt)} ${proposal.note}`] as const]),
      ],
      terminal,
    ),
    title('Change'),
    renderValueDiff(proposal.baseValue, proposal.value, { width: columns, paint }),
    title('Reasoning'),
    ...printableLines(proposal.reasoning).flatMap((line) => wrapped(line, Math.min(columns, 100))),
    title('Runs, worst first'),
    runs.length === 0
      ? proposal.runs.length === 0
        ? 'No feedback that the model saw reaches this parameter.'
        : 'None of them is in this store.'
      : runTable(worstFirst(runs).slice(0, mostRuns), terminal),
    ...(runs.length > mostRuns
      ? [`… and ${counted(runs.length - mostRuns, 'other run')}; --json has all`]
      : []),
    title('Feedback'),
    feedbackSummary(feedback, names, terminal),
  ].join('\n')
}

function worstFirst(runs: readonly RunSummary[]): readonly RunSummary[] {
  const score = (run: RunSummary) => run.score ?? Number.POSITIVE_INFINITY
  return runs.toSorted((a, b) => (score(a) === score(b) ? 0 : score(a) - score(b)))
}

function evidence({ runs, feedback }: Proposal): string {
  return `${counted(runs.length, 'run')}, ${counted(feedback.length, 'piece')} of feedback`
}

function leftOutFields({ leftOut }: Proposal): (readonly [string, string])[] {
  if (!leftOut) return []
  const text = leftOutText(leftOut)
  return [
    ...(text === '' ? [] : [['not seen', text] as const]),
    ...(leftOut.parameters.length === 0
      ? []
      : [['not asked', namesText(leftOut.parameters)] as const]),
  ]
}

function cost({ inputTokens, outputTokens, costUsd }: Proposal): string {
  const tokens = `${counted(inputTokens, 'token')} in, ${formatCount(outputTokens)} out`
  return `${formatCost(costUsd)} (${tokens})`
}

function nextSteps(
  { proposal: { id, status, parameter }, rolledBack }: Shown,
  { prompt }: ShowOptions,
): readonly string[] {
  return [
    ...(status === 'open'
      ? [`trace2 evaluate ${id}`, `trace2 verdict ${id}`, `trace2 accept ${id}`]
      : []),
    ...(rolledBack ? [`trace2 accept ${id}`] : []),
    ...(status === 'accepted' && !rolledBack ? [`trace2 rollback ${parameter}`] : []),
    ...(prompt ? [] : [`trace2 show ${id} --prompt`]),
  ]
}
