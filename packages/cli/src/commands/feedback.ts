import { printable, printableJson } from '@trace2/core'
import { feedbackTitle, nodeNames, wrapped } from '@trace2/render'
import type { Feedback, FeedbackSource, RunGraph, RunSummary, Store } from '@trace2/store'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { findRun } from '../options/last.ts'
import { numberArgument } from '../options/numbers.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Column, table } from '../text/table.ts'
import { formatMaybeScore, formatTime } from '../text/values.ts'
import { showAgreement } from './feedback-agreement.ts'
import { listNames } from './feedback-names.ts'

interface FeedbackOptions extends DatabaseOptions {
  readonly node?: string
  readonly name: string
  readonly score?: number
  readonly label?: string
  readonly comment?: string
  readonly source: FeedbackSource
  readonly id?: string
  readonly names?: true
  readonly declare?: string
  readonly agreement?: string | true
  readonly json?: true
}

export function addFeedback(program: Command, terminal: Terminal): void {
  program
    .command('feedback')
    .summary('give feedback on a run, or list what it has')
    .description(
      'Gives feedback on a run or on one of its nodes: a score, a label, words, or several of them. With none of these, lists the feedback that the run has. With --names, lists what the names of feedback mean, and with --agreement, how far it can be trusted, whatever run it is on.',
    )
    .argument('[run]', 'id of the run, or its first digits; `last` is the latest one')
    .option(
      '--node <node>',
      'what it is about, as `trace2 graph` shows it: a number, an operator name or a span id',
    )
    .option('--score <number>', 'how good it was; the scale is yours', numberArgument)
    .option('--label <word>', 'a verdict in a word, for example wrong-queue')
    .option('--comment <text>', 'what was wrong, or right: the optimizer reads this')
    .option('--name <name>', 'what was judged', 'feedback')
    .addOption(
      new Option('--source <source>', 'who judged')
        .choices(['human', 'model', 'code'])
        .default('human'),
    )
    .option('--id <id>', 'who gives it; replaces earlier feedback of the same name, target and id')
    .option(
      '--names',
      'list the names of feedback: how much there is, the range seen, the scale, which way is better, and the weight, declared or learned',
    )
    .option(
      '--declare <file>',
      'declare what names mean: {"trace2": 1, "feedback": {"csat": {"scale": [1, 5], "direction": "higher", "weight": 2}}}; null takes a declaration back',
    )
    .option(
      '--agreement [name]',
      'show who gives feedback (of this name), how far they agree, and which judges tell good from bad by what people say',
    )
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 feedback 8c1f2e77 --score 0 --comment "A refund belongs to billing."',
        'trace2 feedback last --node classify --label wrong',
        'trace2 feedback --names',
        'trace2 feedback --agreement',
      ),
    )
    .action((run: string | undefined, options: FeedbackOptions) =>
      options.agreement !== undefined
        ? showAgreement(options, terminal)
        : options.names || options.declare !== undefined
          ? listNames(options, terminal)
          : giveOrList(run, options, terminal),
    )
}

async function giveOrList(
  reference: string | undefined,
  options: FeedbackOptions,
  terminal: Terminal,
): Promise<void> {
  if (reference === undefined)
    throw raise('T2_USAGE', 'Feedback is given on a run: `last`, or one that `trace2 runs` lists.')
  const { score, label, comment } = options
  const given = score ?? label ?? comment
  await withStore(options, async (store) => {
    const run = await findRun(store, reference)
    if (given === undefined) return listFeedback(store, run, options, terminal)
    const feedback = await store.addFeedback({
      traceId: run.traceId,
      spanId: await targetSpan(store, run, options.node),
      name: options.name,
      score: score ?? null,
      label: label ?? null,
      comment: comment ?? null,
      source: options.source,
      ...(options.id === undefined ? {} : { identifier: options.id }),
    })
    if (options.json) return terminal.print(printableJson(feedback, 2))
    const recorded = `Recorded ${printable(feedbackTitle(feedback))} on run ${printable(run.id)}.`
    terminal.print(wrapped(recorded, terminal.columns).join('\n'))
  })
}

/** `null` for a run that is a whole trace; the run's own span where a trace holds several. */
async function targetSpan(
  store: Store,
  run: RunSummary,
  node: string | undefined,
): Promise<string | null> {
  if (node !== undefined) return spanOfNode(await store.graph(run.id), node)
  return run.id === run.traceId ? null : run.spanId
}

function spanOfNode(graph: RunGraph, reference: string): string {
  const names = nodeNames(graph)
  const operators = graph.nodes.flatMap((node) =>
    node.kind === 'op' || node.kind === 'exception' ? [node] : [],
  )
  const found = operators.filter((node) => {
    const [number] = (names.get(node.id) ?? '').split(' ')
    return [node.id, node.spanId, node.op, number, names.get(node.id)].includes(reference)
  })
  const [only] = found
  if (only && found.length === 1) return only.spanId
  throw raise(
    'T2_NODE_UNKNOWN',
    found.length === 0
      ? `The run has no node ${reference}.`
      : `${reference} is the operator of ${found.length} nodes: ${found.map((node) => names.get(node.id)).join(', ')}.`,
  )
}

const columns: readonly Column[] = [
  { title: 'GIVEN' },
  { title: 'NAME' },
  { title: 'SCORE', align: 'right' },
  { title: 'LABEL' },
  { title: 'SOURCE' },
  { title: 'ON' },
  { title: 'COMMENT', flexible: true },
]

async function listFeedback(
  store: Store,
  run: RunSummary,
  { json }: FeedbackOptions,
  terminal: Terminal,
): Promise<void> {
  const feedback = await store.feedback([run.id])
  if (json) return terminal.print(printableJson(feedback, 2))
  if (feedback.length === 0) {
    return terminal.note('No feedback on this run. Give some with --score, --label or --comment.')
  }
  const names = nodeNames(await store.graph(run.id))
  const target = ({ traceId, spanId }: Feedback) =>
    spanId === null ? 'the run' : (names.get(`span:${traceId}:${spanId}`) ?? spanId)
  const rows = feedback.map((one) => [
    formatTime(one.createdAt),
    one.name,
    formatMaybeScore(one.score),
    one.label ?? '',
    one.source,
    target(one),
    one.comment ?? '',
  ])
  terminal.print(table(columns, rows, terminal))
}
