import type { EdgeKind } from '@trace2/core'
import { printable, printableJson } from '@trace2/core'
import type { Backward } from '@trace2/optimizer'
import { formatDuration, formatScore, renderDot, renderMermaid, renderText } from '@trace2/render'
import type { Feedback, RunGraph, RunSummary, Store } from '@trace2/store'
import { type Command, Option } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { edgeKindsArgument } from '../options/edge-kinds.ts'
import { findRun } from '../options/last.ts'
import { wholeNumber } from '../options/numbers.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted, formatTime } from '../text/values.ts'

interface GraphOptions extends DatabaseOptions {
  readonly format: 'text' | 'mermaid' | 'dot' | 'json'
  readonly json?: true
  readonly backward?: true
  readonly full?: true
  readonly edges?: readonly EdgeKind[]
  readonly followLinks?: true
  readonly maxSpans?: number
}

export function addGraph(program: Command, terminal: Terminal): void {
  program
    .command('graph')
    .summary('show the computation graph of a run')
    .description(
      'Shows what a run computed: its parameters and inputs, then every operator with the origin of each input, how that origin is known, and its output.',
    )
    .argument('<run>', 'id of the run, or its first digits; `last` is the latest one')
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['text', 'mermaid', 'dot', 'json'])
        .default('text'),
    )
    .option(
      '--backward',
      'mark what feedback passes, which parameters it reaches and why not others',
    )
    .option('--full', 'print whole values')
    .option(
      '--edges <kinds>',
      'count only these kinds of edges, separated by commas',
      edgeKindsArgument,
    )
    .option('--follow-links', 'include operators of other traces that this one links to')
    .option(
      '--max-spans <n>',
      'read at most so many spans of the trace: the run and what started first; default 10,000',
      wholeNumber(1),
    )
    .option('--json', 'the same as --format json')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 graph 8c1f2e77',
        'trace2 graph last --backward',
        'trace2 graph last --format dot | dot -Tsvg -o run.svg',
      ),
    )
    .action((run: string, options: GraphOptions) => showGraph(run, options, terminal))
}

async function showGraph(
  reference: string,
  options: GraphOptions,
  terminal: Terminal,
): Promise<void> {
  const { run, graph, whole, feedback } = await withStore(options, (store) =>
    load(store, reference, options),
  )
  const backward = options.backward ? await pass(whole, feedback, options.edges) : undefined
  const shown = { feedback, ...(backward ? { backward } : {}) }
  switch (options.json ? 'json' : options.format) {
    case 'json':
      terminal.print(
        printableJson(
          { run, graph, feedback, ...(backward ? { backward: summary(backward) } : {}) },
          2,
        ),
      )
      break
    case 'mermaid':
      terminal.print(renderMermaid(graph, shown))
      break
    case 'dot':
      terminal.print(renderDot(graph, shown))
      break
    case 'text':
      terminal.print(`${heading(run, terminal)}\n`)
      terminal.print(
        renderText(graph, {
          ...shown,
          width: terminal.columns,
          full: options.full ?? false,
          paint: terminal.paint,
        }),
      )
      terminal.hint(legend(backward !== undefined))
  }
}

async function load(
  store: Store,
  reference: string,
  { edges, followLinks, maxSpans }: GraphOptions,
): Promise<Loaded> {
  const run = await findRun(store, reference)
  const links = {
    followLinks: followLinks === true,
    ...(maxSpans === undefined ? {} : { maxSpans }),
  }
  const whole = await store.graph(run.id, links)
  const graph = edges ? await store.graph(run.id, { ...links, edges }) : whole
  return { run, graph, whole, feedback: await store.feedback([run.id]) }
}

interface Loaded {
  readonly run: RunSummary
  /** With the edges that count. */
  readonly graph: RunGraph
  /** With all edges: what a pass over some of them does not reach, it may say that others would. */
  readonly whole: RunGraph
  readonly feedback: Feedback[]
}

async function pass(
  graph: RunGraph,
  feedback: readonly Feedback[],
  edges: readonly EdgeKind[] | undefined,
): Promise<Backward<Feedback>> {
  const { backward } = await import('@trace2/optimizer')
  // By name, so that those declared as not trainable are explained as well.
  const parameters = graph.nodes.flatMap((node) => (node.kind === 'parameter' ? [node.name] : []))
  return backward(graph, feedback, { parameters, ...(edges ? { edges } : {}) })
}

function summary({ reached, unreached, subgraph, outside }: Backward<Feedback>) {
  return {
    passed: subgraph.path.map((node) => node.id),
    reached: reached.map(({ parameter, feedback }) => ({
      parameter: parameter.id,
      feedback: feedback.map((one) => one.id),
    })),
    unreached: unreached.map(({ parameter, reason, detail }) => ({
      parameter: parameter.id,
      reason,
      detail,
    })),
    outside: outside.map((one) => one.id),
  }
}

function heading(run: RunSummary, { paint }: Terminal): string {
  const about = [
    formatTime(run.startedAt),
    formatDuration(run.durationMs),
    counted(run.spans, 'span'),
    ...(run.score === null ? [] : [`score ${formatScore(run.score)}`]),
    ...(run.failed ? ['failed'] : []),
  ]
  return [
    `${paint('strong', printable(run.name))}  ${printable(run.id)}`,
    paint('faint', printable(about.join(' · '))),
  ].join('\n')
}

function legend(backward: boolean): string {
  const marks = '◆ parameter  ◇ fixed  ○ input  ● operator  ✗ failed  ★ feedback'
  return `${marks}${backward ? '  ┃ on its way' : ''}`
}
