import { printable, printableJson } from '@trace2/core'
import type { IgnoredEvents, ImportResult, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { type DatabaseOptions, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { traceCheckText } from '../text/trace-check.ts'
import { counted } from '../text/values.ts'

interface TracesOptions extends DatabaseOptions {
  readonly json?: true
}

/** Says what the spans of a store, or of files, are like. */
export async function checkTracesOf(
  files: readonly string[],
  { db, json }: TracesOptions,
  terminal: Terminal,
): Promise<void> {
  const { checkTraces, filesOf } = await import('@trace2/store')
  let whole = true
  const check = await withStore({ db: files.length > 0 ? ':memory:' : db }, async (store) => {
    const ignored: IgnoredEvents[] = []
    for (const file of (await Promise.all(files.map(filesOf))).flat()) {
      const result = await read(store, file, terminal)
      ignored.push(...result.ignoredEvents)
      whole &&= isWhole(result)
    }
    return checkTraces(store, summed(ignored))
  })
  const place = files.length > 0 ? files.map(nameOf).join(', ') : db
  if (json) terminal.print(printableJson(check, 2))
  else if (check.spans + check.ignoredEvents.length > 0) {
    terminal.print(traceCheckText(check, terminal))
  } else terminal.note(printable(`There are no spans in ${place}.`))
  if (check.spans === 0 && !whole) {
    throw raise('T2_NOTHING_IMPORTED', `No span could be read of ${place}.`)
  }
}

/** Events of several files, those of one name together. */
function summed(events: readonly IgnoredEvents[]): IgnoredEvents[] {
  const counts = new Map<string, number>()
  for (const { name, records } of events) counts.set(name, (counts.get(name) ?? 0) + records)
  return Array.from(counts, ([name, records]) => ({ name, records })).sort(
    (a, b) => b.records - a.records,
  )
}

function isWhole({ rejected, badLines, brokenOff }: ImportResult): boolean {
  return rejected + badLines === 0 && brokenOff === undefined
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file
}

async function read(store: Store, file: string, terminal: Terminal): Promise<ImportResult> {
  const { importFile, isExport } = await import('@trace2/collector')
  if (isExport(file)) {
    throw raise('T2_USAGE', `${file} is an export: import it, and name the database with --db.`)
  }
  const name = nameOf(file)
  const progress = terminal.progress(`Reading ${printable(name)}`)
  try {
    const result = await importFile(store, file, ({ bytes, totalBytes, spans }) =>
      progress.update(bytes, totalBytes, counted(spans, 'span')),
    )
    if (!isWhole(result)) {
      const [first] = result.problems
      const why = first ? `line ${first.line}: ${first.message}` : result.brokenOff
      const rest = result.problems.length > 1 ? ' `trace2 import` tells more of it.' : ''
      const text = `Not everything was read of ${name}: ${why}${rest}`
      terminal.note(terminal.paintNote('error', printable(text)))
    }
    return result
  } finally {
    progress.stop()
  }
}
