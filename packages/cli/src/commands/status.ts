import { printable, printableJson } from '@trace2/core'
import { commandLines, wrapped } from '@trace2/render'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, isAddress } from '../options/database.ts'
import type { RunningCollector } from '../status/collectors.ts'
import type { Content } from '../status/content.ts'
import type { Problem } from '../status/problems.ts'
import { type Status, statusOf } from '../status/status.ts'
import { asCalled } from '../terminal/called.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Cell, fields } from '../text/table.ts'
import { counted, formatBytes, formatTime } from '../text/values.ts'

interface StatusOptions extends DatabaseOptions {
  readonly json?: true
}

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .summary('what is running, what is stored, what to do next')
    .description(
      'Says which collectors are running, what the database holds, what is wrong with either, and which command makes sense next. Changes nothing, and has something to say where there is nothing yet.',
    )
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 status', 'trace2 status --db http://127.0.0.1:4318'))
    .action(async (options: StatusOptions) => {
      const status = asCalledHere(await statusOf(options), terminal)
      if (options.json) return terminal.print(printableJson(status, 2))
      terminal.print(statusText(status, terminal))
    })
}

/** What the status says to type is what works here, also for a program that reads it. */
function asCalledHere(status: Status, { command }: Terminal): Status {
  return {
    ...status,
    problems: status.problems.map((problem) => ({
      ...problem,
      remedy: asCalled(problem.remedy, command),
    })),
    next: status.next.map((one) => asCalled(one, command)),
  }
}

type Field = readonly [name: string, value: Cell]

function statusText(status: Status, terminal: Terminal): string {
  const { collectors, content, database, problems, hint, next } = status
  const rows: Field[] = [
    ['database', databaseText(status)],
    ...(collectors.length === 0
      ? [['collector', 'none is running'] as const]
      : collectors.map((one) => ['collector', collectorText(one, database.location)] as const)),
    ...(content ? contentFields(content) : []),
    ...(hint === '' ? [] : [['hint', { text: hint, tone: 'strong' }] as const]),
  ]
  return [
    fields(rows, terminal),
    ...problems.flatMap((problem) => problemLines(problem, terminal)),
    terminal.paint('faint', 'next:'),
    ...next.flatMap((one) => commandLines(printable(one), terminal.columns)),
  ].join('\n')
}

function databaseText({ database: { location, exists, bytes }, content }: Status): Cell {
  if (!exists) return `${location}, which is not there yet`
  const size = bytes === null ? '' : ` (${formatBytes(bytes)})`
  if (!content) return { text: `${location}${size}, which cannot be read now`, tone: 'error' }
  return `${location}${size}`
}

function collectorText({ url, pid, db, ready }: RunningCollector, location: string): Cell {
  const process = pid === null ? '' : `, process ${pid}`
  // One that owns a file here says so beside it.
  const isForeign = db === null && !isAddress(location)
  const foreign = isForeign ? `, of another database: --db ${url} shows it` : ''
  const owned = db === null ? foreign : `, for ${db}`
  const text = `${url}${process}${owned}`
  return ready ? text : { text: `${text}, not ready`, tone: 'error' }
}

function contentFields({ runs, feedback, parameters, proposals }: Content): Field[] {
  const failed = runs.failed > 0 ? `, ${counted(runs.failed, 'failed', 'failed')}` : ''
  const last = runs.last === null ? '' : `, the last ${formatTime(runs.last)}`
  const on = feedback.count > 0 ? ` on ${counted(feedback.runs, 'run')}` : ''
  const { open, accepted, rejected, rolledBack } = proposals
  const back = rolledBack.length === 0 ? '' : `, ${rolledBack.length} rolled back`
  return [
    ['runs', `${counted(runs.count, 'run')}${last}${failed}`],
    ['feedback', `${counted(feedback.count, 'piece')}${on}`],
    ['parameters', counted(parameters, 'trainable parameter')],
    [
      'proposals',
      open.length + accepted + rejected + rolledBack.length === 0
        ? counted(0, 'proposal')
        : `${open.length} open, ${accepted} accepted, ${rejected} rejected${back}`,
    ],
  ]
}

function problemLines({ severity, message, remedy }: Problem, terminal: Terminal): string[] {
  const { paint, columns } = terminal
  const [first = '', ...rest] = wrapped(`${severity}: ${printable(message)}`, columns)
  const tone = severity === 'error' ? 'error' : 'strong'
  return [
    paint(tone, first),
    ...rest,
    ...wrapped(printable(remedy), columns - 2).map((line) => `  ${paint('faint', line)}`),
  ]
}
