import { printable, printableJson, printableLines } from '@trace2/core'
import { wrapped } from '@trace2/render'
import type { Deployment, ParameterSummary, ParameterVersion, Store } from '@trace2/store'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { shownPath } from '../options/parameters-file.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Column, fields, table } from '../text/table.ts'
import { counted, formatTime, shortVersion } from '../text/values.ts'

interface ParametersOptions extends DatabaseOptions {
  readonly history?: true
  readonly json?: true
}

export function addParameters(program: Command, terminal: Terminal): void {
  program
    .command('parameters')
    .summary('list what can be optimized, or show one')
    .description(
      'Lists the parameters that the stored runs used, each with its latest version; with a name, shows that one with its whole value, and lists its other versions.',
    )
    .argument('[name]')
    .option('--history', 'every version of it, oldest first, and where each was deployed')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 parameters', 'trace2 parameters triage.system --history'),
    )
    .action((name: string | undefined, options: ParametersOptions) =>
      withStore(options, (store) =>
        name === undefined
          ? listParameters(store, options, terminal)
          : showParameter(store, name, options, terminal),
      ),
    )
}

const columns: readonly Column[] = [
  { title: 'PARAMETER' },
  { title: 'VERSION' },
  { title: 'VALUE', flexible: true },
  { title: 'VERSIONS', align: 'right' },
  { title: 'RUNS', align: 'right' },
  { title: 'LAST USED' },
]

async function listParameters(
  store: Store,
  { json, db }: ParametersOptions,
  terminal: Terminal,
): Promise<void> {
  const parameters = await store.parameters()
  if (json) return terminal.print(printableJson(parameters, 2))
  if (parameters.length === 0) {
    return terminal.note(`No run in ${db} used a parameter yet.`)
  }
  const rows = parameters.map((parameter) => [
    parameter.name,
    shortVersion(parameter.version),
    parameter.trainable
      ? JSON.stringify(parameter.value)
      : `(fixed) ${JSON.stringify(parameter.value)}`,
    String(parameter.versions),
    String(parameter.runs),
    parameter.lastUsedAt === null ? 'never' : formatTime(parameter.lastUsedAt),
  ])
  terminal.print(table(columns, rows, terminal))
}

async function showParameter(
  store: Store,
  name: string,
  options: ParametersOptions,
  terminal: Terminal,
): Promise<void> {
  const { history, json } = options
  const versions = await store.parameterHistory(name)
  const deployments = await store.deployments(name)
  if (json) return terminal.print(printableJson({ versions, deployments }, 2))
  const summary = (await store.parameters()).find((parameter) => parameter.name === name)
  if (summary) terminal.print(about(summary, terminal))
  const shown = history ? versions : versions.filter(({ version }) => version === summary?.version)
  for (const version of shown) {
    const deployed = deployments.filter(
      (deployment) => (deployment.version ?? deployment.previousVersion) === version.version,
    )
    terminal.print(`\n${versionText(version, deployed, terminal)}`)
  }
  if (!history && versions.length > 1) {
    const others = versions.filter((version) => !shown.includes(version))
    terminal.print(`\n${terminal.paint('strong', counted(others.length, 'other version'))}`)
    terminal.print(table(otherColumns, others.map(otherRow), terminal))
    terminal.hint('--history shows each with its whole value, and where it was deployed.')
  }
  // A name may be a stranger's: what a shell would obey is not suggested.
  if (versions.length > 1 && /^[\w./-]+$/.test(name)) {
    terminal.next([suggested(`trace2 compare ${name}`, options)])
  }
}

const otherColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: 'FIRST SEEN' },
  { title: 'RUNS', align: 'right' },
  { title: 'VALUE', flexible: true },
]

function otherRow({ version, value, firstSeenAt, runs }: ParameterVersion): readonly string[] {
  return [shortVersion(version), formatTime(firstSeenAt), String(runs), JSON.stringify(value)]
}

function about(parameter: ParameterSummary, terminal: Terminal): string {
  const { name, trainable, description, schema } = parameter
  const rows: (readonly [string, string])[] = [
    ['trainable', trainable ? 'yes' : 'no'],
    ['description', description],
    ['schema', schema === null ? '' : JSON.stringify(schema)],
  ]
  const given = rows.filter(([, value]) => value !== '')
  return `${terminal.paint('parameter', `◆ ${printable(name)}`)}\n${fields(given, terminal)}`
}

function versionText(
  { version, value, firstSeenAt, runs }: ParameterVersion,
  deployments: readonly Deployment[],
  { paint, columns: width }: Terminal,
): string {
  const where = deployments.map(({ action, version, target, createdAt, proposal }) => {
    const back = version === null ? 'rolled back to the value in the code' : 'rolled back to this'
    const what = action === 'accept' ? `accepted ${proposal ?? ''}`.trim() : back
    return `  ${formatTime(createdAt)} ${what} in ${shownPath(target)}`
  })
  const title = `${shortVersion(version)}  first seen ${formatTime(firstSeenAt)} · ${counted(runs, 'run')}`
  const lines =
    typeof value === 'string' ? printableLines(value) : printableJson(value, 2).split('\n')
  return [
    paint('strong', printable(title)),
    ...where.flatMap((line) => wrapped(printable(line), width)).map((line) => paint('faint', line)),
    ...lines.flatMap((line) => wrapped(`    ${line}`, width)),
  ].join('\n')
}
