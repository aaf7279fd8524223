import type { ExportImport, ImportResult } from '@trace2/collector'
import { printable, printableJson, Trace2Error } from '@trace2/core'
import type { Store } from '@trace2/store'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted } from '../text/values.ts'

interface ImportOptions extends DatabaseOptions {
  readonly json?: true
}

/** What became of a file, or of a directory that an export wrote. */
type Imported =
  | ({ readonly file: string; readonly kind: 'file' } & ImportResult)
  | ({ readonly file: string; readonly kind: 'export' } & ExportImport)
  | Refused

interface Refused {
  readonly file: string
  readonly kind: 'none'
  readonly error: { readonly code: string; readonly message: string }
}

export function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import')
    .summary('store traces and logs from files')
    .description(
      "Stores the traces in files that the OpenTelemetry Collector's file exporter wrote (OTLP as JSON lines or protobuf), or that hold one OTLP request, gzipped or not, and what logs in such files say of runs: evaluation results and message events. Of a directory it takes the files that end in .json, .jsonl, .ndjson, .pb, .binpb, .bin, .otlp or .gz; of one that `trace2 export` wrote it stores everything. What is in the store already is not stored again, so that an import can be stopped and started again. What cannot be read is told and left out; the command ends with exit code 1 then.",
    )
    .argument('<files...>', 'files, pipes, directories; - is standard input')
    .option('--json', 'print what became of each file as a JSON array')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 import traces.jsonl logs.jsonl archive/*.jsonl.gz',
        'trace2 import runs-2026-11',
      ),
    )
    .action((files: readonly string[], options: ImportOptions) =>
      importAll(files, options, terminal),
    )
}

async function importAll(
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  // Whoever reads the first line only has asked for all of it all the same.
  terminal.serve()
  const { filesOf } = await import('@trace2/collector')
  const imported: Imported[] = []
  await withStore(
    options,
    async (store) => {
      const take = (one: Imported) => {
        imported.push(one)
        if (!options.json) tell(one, terminal)
      }
      for (const path of files) {
        const found = await orRefused(path, () => filesOf(path))
        if ('kind' in found) take(found)
        else {
          if (found.length > 1)
            terminal.note(printable(`${path}: ${counted(found.length, 'file')}`))
          for (const file of found) take(await importOne(store, file, terminal))
        }
      }
    },
    { create: true },
  )
  if (options.json)
    terminal.print(
      printableJson(
        imported.map(({ kind, ...one }) => one),
        2,
      ),
    )
  requireWhole(imported)
}

/** A file that cannot be read costs only itself; a store that takes nothing more ends the command. */
async function importOne(store: Store, file: string, terminal: Terminal): Promise<Imported> {
  const { importExport, importFile, isExport } = await import('@trace2/collector')
  const progress = terminal.progress(`Importing ${printable(shownName(file))}`)
  const one = orRefused(file, async (): Promise<Imported> => {
    if (isExport(file)) {
      const result = await importExport(store, file, (spans) =>
        progress.update(spans, 0, counted(spans, 'span')),
      )
      return { file, kind: 'export', ...result }
    }
    const result = await importFile(store, file, ({ bytes, totalBytes, spans }) =>
      progress.update(bytes, totalBytes, counted(spans, 'span')),
    )
    return { file, kind: 'file', ...result }
  })
  return one.finally(() => progress.stop())
}

async function orRefused<T>(file: string, read: () => Promise<T>): Promise<T | Refused> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Trace2Error) || error.code !== 'T2_IMPORT') throw error
    const { code, message } = error
    return { file, kind: 'none', error: { code, message } }
  }
}

function tell(one: Imported, terminal: Terminal): void {
  const name = shownName(one.file)
  if (one.kind === 'none') {
    terminal.note(terminal.paintNote('error', printable(`${name}: ${one.error.message}`)))
  } else if (one.kind === 'export') {
    terminal.print(printable(`${name}: ${exportText(one)}`))
    if (!one.hasRecords) {
      terminal.note('The export is of a version that wrote no records: it brings spans alone.')
    }
  } else {
    terminal.print(printable(`${name}: ${resultText(one)}`))
    if (!holdsAnything(one) && one.problems.length === 0 && one.brokenOff === undefined) {
      terminal.note(terminal.paintNote('error', printable(`${name}: it holds no span or log.`)))
    }
    if (one.logs > 0 && one.ignoredLogs === one.logs && one.accepted + one.duplicates === 0) {
      terminal.hint(
        '`trace2 doctor --traces` says which log records a file has, and how their program sends spans.',
      )
    }
    tellProblems(name, one, terminal)
  }
}

function shownName(file: string): string {
  return file === '-' ? 'standard input' : file
}

/** @throws {Trace2Error} where something was left out, or a file had nothing. */
function requireWhole(imported: readonly Imported[]): void {
  const broken = imported.filter((one) => isIncomplete(one) || !holdsAnything(one))
  const [first] = broken
  if (!first) return
  const name = shownName(first.file)
  if (imported.length === 1 && first.kind === 'none') throw raise('T2_IMPORT', first.error.message)
  if (broken.length === 1 && first.kind !== 'none' && !holdsAnything(first)) {
    throw raise('T2_NOTHING_IMPORTED', `${name} holds no span or log that can be taken.`)
  }
  const names = broken.slice(0, mostTold).map(({ file }) => shownName(file))
  const more = broken.length > names.length ? ` and ${broken.length - names.length} more` : ''
  throw raise('T2_IMPORT_INCOMPLETE', `Not everything was read of ${names.join(', ')}${more}.`)
}

function isIncomplete(one: Imported): boolean {
  if (one.kind === 'none') return true
  if (one.kind === 'export') return one.rejected > 0
  return one.rejected > 0 || one.badLines > 0 || one.brokenOff !== undefined
}

function holdsAnything(one: Imported): boolean {
  if (one.kind === 'none') return false
  if (one.kind === 'file') return one.accepted + one.duplicates + one.logs > 0
  return one.hasRecords || one.accepted + one.duplicates > 0
}

function exportText({ accepted, duplicates, rejected, records }: ExportImport): string {
  const added = Object.entries(records).filter(([, count]) => count > 0)
  return [
    `${counted(accepted, 'span')} stored`,
    ...(duplicates > 0 ? [`${counted(duplicates, 'duplicate')} left out`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'span')} not taken`] : []),
    ...added.map(([table, count]) => recordsText(table, count)),
  ].join(', ')
}

/** Rows of a table in words: `3 proposals`. */
function recordsText(table: string, count: number): string {
  const words = table.replaceAll('_', ' ')
  if (table === 'feedback') return counted(count, 'piece of feedback', 'pieces of feedback')
  return counted(count, words, words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`)
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
  { problems, rejected, badLines, brokenOff }: ImportResult,
  terminal: Terminal,
): void {
  for (const { line, message } of problems.slice(0, mostTold)) {
    terminal.note(terminal.paintNote('error', printable(`${file}:${line}: ${message}`)))
  }
  const untold = rejected + badLines - Math.min(problems.length, mostTold)
  if (untold > 0) terminal.note(`… and ${untold} more`)
  if (brokenOff !== undefined) {
    const what = `${file}: the rest could not be read: ${brokenOff}`
    terminal.note(terminal.paintNote('error', printable(what)))
  }
}
