import type { ImportResult } from '@trace2/collector'
import { printable, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted } from '../text/values.ts'

interface ImportOptions extends DatabaseOptions {
  readonly json?: true
}

interface ImportedFile extends ImportResult {
  readonly file: string
}

export function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import')
    .summary('store traces and logs from files')
    .description(
      "Stores the traces in files that the OpenTelemetry Collector's file exporter wrote (OTLP as JSON lines or protobuf), or that hold one OTLP request, gzipped or not, and what logs in such files say of runs: evaluation results and message events. What is in the store already is not stored again, so that an import can be stopped and started again.",
    )
    .argument('<files...>')
    .option('--json', 'print what became of each file as a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 import traces.jsonl logs.jsonl archive/*.jsonl.gz'))
    .action((files: readonly string[], options: ImportOptions) =>
      importFiles(files, options, terminal),
    )
}

async function importFiles(
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  const { importFile } = await import('@trace2/collector')
  const imported: ImportedFile[] = []
  await withStore(
    options,
    async (store) => {
      for (const file of files) {
        const progress = terminal.progress(`Importing ${printable(file)}`)
        const result = await importFile(store, file, ({ bytes, totalBytes, spans }) =>
          progress.update(bytes, totalBytes, counted(spans, 'span')),
        ).finally(() => progress.stop())
        imported.push({ file, ...result })
        if (options.json) continue
        terminal.print(printable(`${file}: ${resultText(result)}`))
        tellProblems(file, result, terminal)
      }
    },
    { create: true },
  )
  if (options.json) terminal.print(printableJson(imported, 2))
  const empty = imported.find(
    ({ accepted, duplicates, logs }) => accepted + duplicates + logs === 0,
  )
  if (empty) {
    throw raise('T2_NOTHING_IMPORTED', `${empty.file} holds no span or log that can be taken.`)
  }
}

function resultText(result: ImportResult): string {
  const { accepted, duplicates, logs, ignoredLogs, rejected, badLines } = result
  const useless = ignoredLogs > 0 ? ` (${ignoredLogs} of them say nothing of a run)` : ''
  return [
    ...(accepted > 0 || logs === 0 ? [`${counted(accepted, 'span')} stored`] : []),
    ...(duplicates > 0 ? [`${counted(duplicates, 'duplicate')} left out`] : []),
    ...(logs > 0 ? [`${counted(logs, 'log record')} read${useless}`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'record')} rejected`] : []),
    ...(badLines > 0 ? [`${counted(badLines, 'line')} not read`] : []),
  ].join(', ')
}

const mostTold = 10

function tellProblems(
  file: string,
  { problems, rejected, badLines }: ImportResult,
  terminal: Terminal,
): void {
  for (const { line, message } of problems.slice(0, mostTold)) {
    terminal.note(terminal.paintNote('error', printable(`${file}:${line}: ${message}`)))
  }
  const untold = rejected + badLines - Math.min(problems.length, mostTold)
  if (untold > 0) terminal.note(`… and ${untold} more`)
}
