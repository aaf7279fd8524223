import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { printable, printableJson } from '@trace2/core'
import { raise } from '../../errors.ts'
import { type DatabaseOptions, withStore } from '../../options/database.ts'
import { type DatasetOptions, namedVersion } from '../../options/dataset.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { counted } from '../../text/values.ts'

/** Writes the cases of a version to a file that does not exist yet. */
export async function exportDataset(
  named: string,
  options: DatasetOptions & DatabaseOptions,
  terminal: Terminal,
): Promise<void> {
  const { formatOf, formulaCells, writtenCases } = await import('@trace2/evaluation/datasets')
  const { name, version } = namedVersion(named)
  const path = options.export ?? ''
  const dataset = await withStore(options, (store) => store.dataset(name, version))
  const { cases } = dataset
  const format = formatOf(path)
  const escapeFormulas = options.escapeFormulas === true
  await write(path, writtenCases(cases, { format, escapeFormulas }))
  const formulas = format === 'csv' ? formulaCells(cases) : 0
  if (options.json) {
    const written = { path, format, version: dataset.version, cases: cases.length, formulas }
    return terminal.print(printableJson({ name, ...written, escapeFormulas }, 2))
  }
  terminal.print(
    printable(`${path}: ${counted(cases.length, 'case')} of ${name}, version ${dataset.version}`),
  )
  if (formulas === 0) return
  terminal.note(
    escapeFormulas
      ? `A ' stands before the text of ${counted(formulas, 'cell')}: read again, these would be other cases.`
      : `A spreadsheet would run ${counted(formulas, 'cell')} as a formula: export with --escape-formulas for one.`,
  )
}

async function write(path: string, pieces: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw raise('T2_EXPORT', `${path} ${exists ? 'is there already' : 'cannot be written'}.`, {
      cause: error,
    })
  }
}
