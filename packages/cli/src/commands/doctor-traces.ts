import { printable, printableJson } from '@trace2/core'
import type { Store } from '@trace2/store'
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
  const { checkTraces } = await import('@trace2/store')
  const check = await withStore({ db: files.length > 0 ? ':memory:' : db }, async (store) => {
    for (const file of files) await read(store, file, terminal)
    return checkTraces(store)
  })
  if (json) return terminal.print(printableJson(check, 2))
  if (check.spans > 0) return terminal.print(traceCheckText(check, terminal))
  const place = files.length > 0 ? files.join(', ') : db
  terminal.note(printable(`There are no spans in ${place}.`))
}

async function read(store: Store, file: string, terminal: Terminal): Promise<void> {
  const { importFile, isExport } = await import('@trace2/collector')
  if (isExport(file)) {
    throw raise('T2_USAGE', `${file} is an export: import it, and name the database with --db.`)
  }
  const name = file === '-' ? 'standard input' : file
  const progress = terminal.progress(`Reading ${printable(name)}`)
  try {
    const { rejected, badLines, brokenOff } = await importFile(
      store,
      file,
      ({ bytes, totalBytes, spans }) => progress.update(bytes, totalBytes, counted(spans, 'span')),
    )
    if (rejected + badLines > 0 || brokenOff !== undefined) {
      const text = `Not everything was read of ${name}; trace2 import says what is wrong with it.`
      terminal.note(terminal.paintNote('error', printable(text)))
    }
  } finally {
    progress.stop()
  }
}
