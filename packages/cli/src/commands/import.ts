import { printable, printableJson } from '@trace2/optimizer/render'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type ImportCounts, importFile } from '../import/import.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted } from '../text/values.ts'

interface ImportOptions extends DatabaseOptions {
  readonly json?: true
}

export function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import')
    .summary('store traces from files')
    .description(
      "Stores the traces in files that the OpenTelemetry Collector's file exporter wrote (OTLP as JSON lines or protobuf), or that hold one OTLP request. Gzip is recognized. What is in the store already is not stored again.",
    )
    .argument('<files...>', 'the files; - is standard input')
    .option('--json', 'print the counts of each file as a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 import traces.jsonl', 'zcat old/*.gz | trace2 import -'))
    .action((files: readonly string[], options: ImportOptions) =>
      importFiles(files, options, terminal),
    )
}

/** Faults told one by one; after these only counted. */
const mostTold = 10

async function importFiles(
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  const signal = terminal.interruption('Finishing the batch.')
  const done: ({ readonly file: string } & ImportCounts)[] = []
  await withStore(
    options,
    async (store) => {
      for (const file of files) {
        if (signal.aborted) break
        const faults: string[] = []
        const progress = terminal.progress(`Importing ${printable(file)}`)
        const counts = await importFile(store, file, {
          signal,
          onProgress: (read, size) => progress.update(read, Math.max(size ?? 0, read)),
          onFault: (place, reason) => {
            if (faults.length < mostTold) faults.push(printable(`${file}, ${place}: ${reason}`))
          },
        }).finally(() => progress.stop())
        for (const fault of faults) terminal.note(terminal.paintNote('error', fault))
        done.push({ file, ...counts })
        if (!options.json) terminal.print(printable(`${file}: ${countsText(counts)}`))
      }
    },
    { create: true },
  )
  if (options.json) terminal.print(printableJson(done, 2))
  if (signal.aborted) throw raise('T2_INTERRUPTED', 'The import was stopped.')
  const nothing = done.find(({ accepted, duplicates }) => accepted + duplicates === 0)
  if (nothing)
    throw raise('T2_NOTHING_IMPORTED', `${nothing.file} holds no span that can be taken.`)
}

function countsText(counts: ImportCounts): string {
  const { accepted, duplicates, rejected, bad, otherSignals } = counts
  return [
    `${counted(accepted, 'span')} stored`,
    ...(duplicates > 0 ? [`${counted(duplicates, 'duplicate')} skipped`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'span')} rejected`] : []),
    ...(bad > 0 ? [`${counted(bad, 'bad line or message', 'bad lines or messages')}`] : []),
    ...(otherSignals > 0
      ? [`${counted(otherSignals, 'line', 'lines')} of logs or metrics left out`]
      : []),
  ].join(', ')
}
