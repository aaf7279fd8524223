import { defined, printable, printableJson } from '@trace2/core'
import type { ComparedVersion, Comparison } from '@trace2/optimizer'
import { formatScore, wrapped } from '@trace2/render'
import type { FeedbackName, QueryResult } from '@trace2/store'
import { type Command, Option } from 'commander'
import { escapeFormulasOption, printCsv, requireCsv } from '../options/csv.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { type ParametersFileOptions, parametersFileOption } from '../options/parameters-file.ts'
import { timeArgument } from '../options/time.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { meaningText } from '../text/feedback-names.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { counted, formatTime, shortIds } from '../text/values.ts'

interface CompareCommandOptions extends DatabaseOptions, ParametersFileOptions {
  readonly since?: string
  readonly objective?: string
  readonly format: 'table' | 'json' | 'csv'
  readonly json?: true
  readonly csv?: true
  readonly escapeFormulas?: true
}

export function addCompare(program: Command, terminal: Terminal): void {
  program
    .command('compare')
    .summary('compare the versions of a parameter by the feedback on their runs')
    .description(
      'Shows the versions of a parameter side by side: how many runs used each, and under each name of feedback how many of these have a score, its mean and the 95 % interval of the mean. Scores of different names are never mixed. What differs may have other causes than the version: other users, another time.',
    )
    .argument('<name>', 'the parameter')
    .option('--since <time>', 'runs that started since then: 30m, 12h, 7d or a date', timeArgument)
    .option('--objective <name>', 'the name of feedback to show first')
    .addOption(parametersFileOption())
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['table', 'json', 'csv'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--csv', 'the same as --format csv: a row per version and name of feedback')
    .addOption(escapeFormulasOption())
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 compare triage.system', 'trace2 compare triage.system --since 7d --csv'),
    )
    .action((name: string, options: CompareCommandOptions) => compare(name, options, terminal))
}

async function compare(
  name: string,
  options: CompareCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { compareVersions, sharesName } = await import('@trace2/optimizer')
  const { since, objective, parameters } = options
  const format = options.json ? 'json' : options.csv ? 'csv' : options.format
  requireCsv(options, format)
  const comparison = await withStore(options, (store) =>
    compareVersions(store, name, { file: parameters, ...defined({ since, objective }) }),
  )
  switch (format) {
    case 'json':
      return terminal.print(printableJson(comparison, 2))
    case 'csv':
      return printCsv(rowsOf(comparison), options.escapeFormulas === true, terminal)
    case 'table':
      terminal.print(comparisonText(comparison, sharesName(comparison), terminal))
  }
}

const versionColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: '' },
  { title: 'RUNS', align: 'right' },
  { title: 'FIRST RUN', optional: 2 },
  { title: 'LAST RUN', optional: 1 },
  { title: 'VALUE', flexible: true },
]
const scoreColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: '' },
  { title: 'RUNS', align: 'right' },
  { title: 'MEAN', align: 'right' },
  { title: '95 % INTERVAL' },
]

function comparisonText(comparison: Comparison, shares: boolean, terminal: Terminal): string {
  const { parameter, names, versions } = comparison
  const { paint, columns } = terminal
  const ids = shortIds(versions.map(({ version }) => version))
  const lead = ({ version, inForce }: ComparedVersion): Cell[] => [
    `@${ids.get(version) ?? version}`,
    inForce ? { text: 'in force', tone: 'strong' } : '',
  ]
  const all = versions.map((version): Cell[] => [
    ...lead(version),
    version.runs.toLocaleString('en-US'),
    version.firstRunAt === null ? 'none' : formatTime(version.firstRunAt),
    version.lastRunAt === null ? 'none' : formatTime(version.lastRunAt),
    JSON.stringify(version.value),
  ])
  const title = `${paint('parameter', `◆ ${printable(parameter)}`)}  ${counted(versions.length, 'version')}`
  return [
    title,
    '',
    table(versionColumns, all, terminal),
    ...names.flatMap((name, at) => [
      '',
      ...wrapped(printable(nameTitle(name, at === 0)), columns).map((line) =>
        paint('feedback', line),
      ),
      table(scoreColumns, scoreRows(versions, name, lead), terminal),
    ]),
    ...(shares || versions.length < 2
      ? []
      : [
          '',
          ...wrapped(
            names.length === 0
              ? 'No run of these versions has a score.'
              : 'No two of these versions have scores under one name, so they cannot be compared.',
            columns,
          ),
        ]),
  ].join('\n')
}

function nameTitle(name: FeedbackName, isFirst: boolean): string {
  return `★ ${name.name}: ${meaningText(name)}${isFirst ? ' (the objective)' : ''}`
}

function scoreRows(
  versions: readonly ComparedVersion[],
  { name, scale }: FeedbackName,
  lead: (version: ComparedVersion) => Cell[],
): Cell[][] {
  const isNumeric = typeof scale?.[0] === 'number'
  return versions.flatMap((version) => {
    const score = version.scores.find((one) => one.name === name)
    if (!score) return []
    // Of categories the mean is a share of the way from the worst to the best.
    const format = (value: number) => (isNumeric ? rounded(value) : `${rounded(100 * value)} %`)
    const interval = `${format(score.low)} to ${format(score.high)}`
    return [[...lead(version), score.runs.toLocaleString('en-US'), format(score.mean), interval]]
  })
}

/** Three digits that say something. */
function rounded(value: number): string {
  return formatScore(Number(value.toPrecision(3)))
}

function rowsOf({ parameter, names, versions }: Comparison): QueryResult {
  return {
    columns: [
      ...['parameter', 'version', 'value', 'in_force', 'version_runs', 'first_run_at'],
      ...['last_run_at', 'feedback', 'direction', 'runs', 'mean', 'low', 'high'],
      ...['normalized_mean', 'normalized_low', 'normalized_high'],
    ],
    rows: versions.flatMap(({ version, value, inForce, runs, firstRunAt, lastRunAt, scores }) => {
      const common = [parameter, version, value, inForce, runs, firstRunAt, lastRunAt]
      if (scores.length === 0) return [[...common, ...Array.from({ length: 9 }, () => null)]]
      return scores.map(({ name, runs, mean, low, high, normalized }) => [
        ...common,
        name,
        names.find((known) => known.name === name)?.direction ?? null,
        ...[runs, mean, low, high, normalized.mean, normalized.low, normalized.high],
      ])
    }),
  }
}
