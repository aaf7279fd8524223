import type { Finding } from '@trace2/collector'
import { printable, printableJson } from '@trace2/core'
import { type Tone, wrapped } from '@trace2/render'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress } from '../options/database.ts'
import { asCalled } from '../terminal/called.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted, formatCount } from '../text/values.ts'
import { checkTracesOf } from './doctor-traces.ts'

interface DoctorOptions extends DatabaseOptions {
  readonly json?: true
  readonly salvage?: string
  readonly traces?: true
}

const tones: Readonly<Record<Finding['severity'], Tone>> = {
  ok: 'good',
  note: 'faint',
  warning: 'strong',
  error: 'error',
}

export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .summary('check a database and its journal, or what traces have')
    .description(
      'Checks a database and its intake journal, changes nothing, and says what is wrong and what to do. Ends with exit code 1 where there is an error. With --salvage, copies what can be read of a damaged database. With --traces, says what was read of the spans in a database or in files, and what their senders leave out.',
    )
    .argument('[files...]', 'files of traces to look at with --traces, as for an import')
    .option('--json', 'print what was found as JSON')
    .option(
      '--traces',
      'say who sent the spans, what was read of them, which attributes nothing reads, and what to change',
    )
    .option(
      '--salvage <file>',
      'copy what can be read of a damaged database into a new one, or add it to one that is there',
    )
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 doctor --db prod.duckdb',
        'trace2 doctor --traces --db prod.duckdb',
        'trace2 doctor --traces traces.jsonl',
        'trace2 doctor --db prod.duckdb.damaged-1790000000000 --salvage prod.duckdb',
      ),
    )
    .action((files: readonly string[], options: DoctorOptions) => act(files, options, terminal))
}

function act(files: readonly string[], options: DoctorOptions, terminal: Terminal): Promise<void> {
  const { salvage, traces } = options
  if (traces && salvage !== undefined) {
    throw raise('T2_USAGE', '--traces and --salvage exclude each other.')
  }
  if (traces) return checkTracesOf(files, options, terminal)
  if (files.length > 0) throw raise('T2_USAGE', 'Files are looked at with --traces only.')
  return salvage === undefined ? check(options, terminal) : save(options, salvage, terminal)
}

async function save({ db, json }: DoctorOptions, into: string, terminal: Terminal): Promise<void> {
  if (isAddress(db)) throw raise('T2_USAGE', `The doctor needs the file; ${db} is an address.`)
  const { salvage } = await import('@trace2/collector')
  const tables = await salvage(db, into)
  if (json) return terminal.print(printableJson(tables, 2))
  for (const { table, rows, lost, incomplete } of tables) {
    const tone = lost > 0 ? 'error' : incomplete > 0 ? 'strong' : 'good'
    const count = `${formatCount(rows - lost)} of ${counted(rows, 'row')}`.padStart(24)
    const parts = incomplete > 0 ? `, ${formatCount(incomplete)} of them not whole` : ''
    terminal.print(`${terminal.paint(tone, count)}  ${printable(table)}${parts}`)
  }
}

async function check({ db, json }: DoctorOptions, terminal: Terminal): Promise<void> {
  if (isAddress(db)) throw raise('T2_USAGE', `The doctor needs the file; ${db} is an address.`)
  const { doctor } = await import('@trace2/collector')
  const findings = await doctor(db)
  if (json) terminal.print(printableJson(findings, 2))
  else for (const finding of findings) terminal.print(lineOf(finding, terminal))
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    throw raise('T2_DOCTOR', `Found wrong: ${errors.map((finding) => finding.check).join(', ')}.`)
  }
}

const indent = ' '.repeat(9)

function lineOf({ severity, check, message, remedy }: Finding, terminal: Terminal): string {
  const { paint, columns, command } = terminal
  const room = columns - indent.length
  const [first = '', ...rest] = wrapped(printable(`${check}: ${message}`), room)
  return [
    `${paint(tones[severity], severity.padEnd(7))}  ${first}`,
    ...rest.map((line) => indent + line),
    ...(remedy === ''
      ? []
      : wrapped(printable(asCalled(remedy, command)), room).map(
          (line) => indent + paint('faint', line),
        )),
  ].join('\n')
}
