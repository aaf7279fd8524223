import { printable, printableJson } from '@trace2/core'
import { wrapped } from '@trace2/render'
import { type DatabaseOptions, withStore } from '../options/database.ts'
import { readDeclarations } from '../options/declarations.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { originText, scaleText, unclearText } from '../text/feedback-names.ts'
import { type Column, table } from '../text/table.ts'

interface NamesOptions extends DatabaseOptions {
  readonly declare?: string
  readonly json?: true
}

const columns: readonly Column[] = [
  { title: '' },
  { title: 'NAME' },
  { title: 'PIECES', align: 'right' },
  { title: 'SEEN' },
  { title: 'SCALE', flexible: true },
  { title: 'BETTER' },
  { title: 'WEIGHT', align: 'right' },
  { title: 'FROM', flexible: true },
]

/** Declares names of feedback where a file is given, then lists what all of them mean. */
export async function listNames(options: NamesOptions, terminal: Terminal): Promise<void> {
  const { declare, json, db } = options
  const declarations = declare === undefined ? undefined : await readDeclarations(declare)
  const names = await withStore(options, (store) =>
    declarations ? store.declareFeedback(declarations) : store.feedbackNames(),
  )
  if (json) return terminal.print(printableJson(names, 2))
  if (names.length === 0) return terminal.note(`There is no feedback in ${db} yet.`)
  const rows = names.map((name) => [
    name.rank === 1 ? '★' : '',
    name.name,
    name.pieces.toLocaleString('en-US'),
    name.seen ? scaleText({ scale: name.seen }) : '',
    name.unclear ? `${scaleText(name)}?` : scaleText(name),
    name.scale ? name.direction : '',
    String(name.weight),
    name.unclear ? 'unclear' : name.scale ? originText(name) : 'no scores',
  ])
  terminal.print(table(columns, rows, terminal))
  const unclear = names.filter((name) => name.unclear)
  if (unclear.length > 0) {
    const text = printable(unclearText(unclear))
    terminal.print(['', ...wrapped(text, terminal.columns)].join('\n'))
  }
  const assumed = names.filter(({ directionFrom }) => directionFrom === 'name')
  if (assumed.length > 0) {
    const list = assumed.map(({ name }) => name).join(', ')
    const text = `By its name, less is assumed to be better: ${list}. Declare a direction if it is not.`
    terminal.print(['', ...wrapped(printable(text), terminal.columns)].join('\n'))
  }
  terminal.hint(
    '★ is the objective: the weightiest, of equal weight the one with most pieces. `scale`, `direction` and `weight` in feedback() or --declare FILE say otherwise.',
  )
}
