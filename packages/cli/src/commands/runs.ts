import { defined, printable, printableJson } from '@trace2/core'
import { formatDuration } from '@trace2/render'
import { type FeedbackName, type RunSummary, rankedNames, type Store } from '@trace2/store'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { addRunOptions, type RunOptions, runQuery } from '../options/runs.ts'
import { collectorOf } from '../status/collectors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { counted, formatMaybeScore, formatTime, shortIds } from '../text/values.ts'

interface RunsOptions extends DatabaseOptions, RunOptions {
  readonly feedback?: boolean
  readonly experiment?: string
  readonly json?: true
}

const usualLimit = 50

export function addRuns(program: Command, terminal: Terminal): void {
  const command = program
    .command('runs')
    .summary('list runs, latest first')
    .description('Lists the runs in the store, latest first.')
  addRunOptions(command, usualLimit)
    .option('--feedback', 'only runs with feedback')
    .option('--no-feedback', 'only runs without feedback')
    .option('--experiment <id>', 'runs of its trials instead of production runs; any is all trials')
    .option('--json', 'print a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 runs --since 7d --where "score < 0.5"'))
    .action((options: RunsOptions) => listRuns(options, terminal))
}

async function listRuns(options: RunsOptions, terminal: Terminal): Promise<void> {
  const { since, where, feedback, limit = usualLimit } = options
  const query = { ...runQuery(options), limit, ...defined({ hasFeedback: feedback }) }
  const { runs, names } = await withStore(options, async (store) => {
    const experiment = await experimentOf(store, options.experiment)
    return {
      runs: await store.runs({ ...query, ...defined({ experiment }) }),
      names: options.json ? [] : await store.feedbackNames(),
    }
  })
  if (options.json) {
    terminal.print(printableJson(runs, 2))
    return
  }
  if (runs.length === 0) {
    const narrowed = since ?? where ?? feedback ?? options.experiment
    const collector = await collectorOf(options.db)
    const how =
      collector === undefined
        ? '`trace2 collect` says how to send some.'
        : `A collector waits for them: start the agent with OTEL_EXPORTER_OTLP_ENDPOINT=${collector}`
    terminal.note(
      narrowed === undefined
        ? `No runs in ${printable(options.db)} yet. ${printable(how)}`
        : 'No runs match.',
    )
    return
  }
  terminal.print(runTable(runs, terminal))
  if (limit > 0 && runs.length === limit) {
    terminal.hint(`The latest ${counted(limit, 'run')}; --limit 0 lists all.`)
  }
  const scores = scoreText(names)
  if (scores !== '') terminal.hint(scores)
}

/** The whole id of what may be the beginning of one. */
async function experimentOf(store: Store, given: string | undefined): Promise<string | undefined> {
  return given === undefined || given === 'any' ? given : (await store.experiment(given)).id
}

/** How many names the hint about scores lists. */
const listedNames = 3

/** What the column of scores holds, where that is not plain. */
function scoreText(names: readonly FeedbackName[]): string {
  const ranked = rankedNames(names)
  const [first, ...others] = ranked
  if (!first) return ''
  if (others.length === 0) return isPlain(first) ? '' : `SCORE: ${first.name}, 0 worst to 1 best.`
  const next = others.slice(0, listedNames).map(({ name }) => name)
  const more = others.length > listedNames ? ' and so on' : ''
  return `SCORE: ${first.name}; of a run without it ${next.join(', else ')}${more}; 0 worst to 1 best.`
}

function isPlain({ scale, direction }: FeedbackName): boolean {
  return scale?.[0] === 0 && scale[1] === 1 && direction === 'higher'
}

const columns: readonly Column[] = [
  { title: 'RUN' },
  { title: 'STARTED', optional: 1 },
  { title: 'NAME', flexible: true },
  { title: 'TIME', align: 'right', optional: 3 },
  { title: 'SPANS', align: 'right', optional: 4 },
  { title: 'SCORE', align: 'right' },
  { title: 'FEEDBACK', align: 'right', optional: 2 },
  { title: 'STATUS' },
]

/** Runs as `trace2 runs` lists them. */
export function runTable(runs: readonly RunSummary[], terminal: Terminal): string {
  const ids = shortIds(runs.map((run) => run.id))
  const rows = runs.map((run): Cell[] => [
    ids.get(run.id) ?? run.id,
    formatTime(run.startedAt),
    run.name,
    formatDuration(run.durationMs),
    String(run.spans),
    formatMaybeScore(run.score),
    run.feedback === 0 ? '–' : String(run.feedback),
    run.failed
      ? { text: 'failed', tone: 'error' }
      : run.errors > 0
        ? { text: counted(run.errors, 'error'), tone: 'error' }
        : 'ok',
  ])
  return table(columns, rows, terminal)
}
