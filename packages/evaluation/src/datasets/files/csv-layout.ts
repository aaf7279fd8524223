import type { Json } from '@trace2/core'
import type { Case } from '@trace2/store'
import { inputPrefix, jsonMark } from './csv-columns.ts'

export interface CsvLayout {
  readonly header: readonly string[]
  readonly row: (each: Case) => readonly string[]
}

interface Column {
  readonly title: string
  readonly cell: (each: Case) => string
}

/**
 * The columns that hold these cases whole: a value per role where all cases have the same roles, metadata by name, and JSON
 * in the columns whose values are not all texts.
 */
export function csvLayout(cases: readonly Case[]): CsvLayout {
  const columns = [
    textColumn('id', ({ id }) => id),
    ...inputColumns(cases),
    column('reference', cases, ({ reference }) => (reference === null ? undefined : reference)),
    textColumn('group', ({ group }) => group),
    textColumn('split', ({ split }) => split),
    ...optional('run', cases, ({ run }) => run ?? undefined),
    ...optional('feedback', cases, ({ feedback }) =>
      feedback.length > 0 ? feedback.map((piece) => ({ ...piece })) : undefined,
    ),
    ...metadataColumns(cases),
  ]
  return {
    header: columns.map(({ title }) => title),
    row: (each) => columns.map(({ cell }) => cell(each)),
  }
}

function inputColumns(cases: readonly Case[]): readonly Column[] {
  const roles = Object.keys(cases[0]?.inputs ?? {})
  const alike = cases.every(({ inputs }) => {
    const own = Object.keys(inputs)
    return own.length === roles.length && own.every((role, at) => role === roles[at])
  })
  if (!alike || roles.some((role) => role === '' || !isPlainTitle(role))) {
    return [{ title: `inputs${jsonMark}`, cell: ({ inputs }) => JSON.stringify(inputs) }]
  }
  return roles.map((role) => {
    const isText = cases.every(({ inputs }) => isPlainText(inputs[role]))
    // A plain `input` that is null counts as none when it is read.
    const isPlain =
      role === 'input' && roles.length === 1 && cases.every(({ inputs }) => inputs[role] !== null)
    const title = isPlain ? role : `${inputPrefix}${role}`
    const text = ({ inputs }: Case) => {
      const value = inputs[role]
      return typeof value === 'string' ? value : ''
    }
    return isText
      ? { title, cell: text }
      : {
          title: `${title}${jsonMark}`,
          cell: ({ inputs }: Case) => JSON.stringify(inputs[role] ?? null),
        }
  })
}

function metadataColumns(cases: readonly Case[]): readonly Column[] {
  const names = new Set(cases.flatMap(({ metadata }) => Object.keys(metadata)))
  const plain = [...names].filter((name) => isPlainTitle(name) && !reserved.has(name)).sort()
  const rest = [...names].filter((name) => !plain.includes(name))
  return [
    ...plain.map((name) =>
      column(name, cases, ({ metadata }) =>
        Object.hasOwn(metadata, name) ? metadata[name] : undefined,
      ),
    ),
    ...optional('metadata', cases, ({ metadata }) => {
      const own = Object.entries(metadata).filter(([name]) => rest.includes(name))
      return own.length > 0 ? Object.fromEntries(own) : undefined
    }),
  ]
}

/** Names that mean something else in a file of cases. */
const reserved = new Set(
  'id input inputs reference expected expected_output expectedOutput ideal group split run feedback metadata'.split(
    ' ',
  ),
)

/** Whether a column can have this title and be read again as nothing else. */
function isPlainTitle(name: string): boolean {
  return (
    /^[\p{L}\p{N}_][\p{L}\p{N} _.-]*$/u.test(name) &&
    !name.startsWith(inputPrefix) &&
    name.trim() === name &&
    name !== '__proto__'
  )
}

type ReadValue = (each: Case) => Json | undefined

/** No column where no case has a value. */
function optional(title: string, cases: readonly Case[], read: ReadValue): readonly Column[] {
  return cases.some((each) => read(each) !== undefined) ? [column(title, cases, read)] : []
}

/** A column whose empty cells say that there is no value; JSON unless every value is a text that is not empty. */
function column(title: string, cases: readonly Case[], read: ReadValue): Column {
  const isText = cases.every((each) => {
    const value = read(each)
    return value === undefined || (value !== '' && isPlainText(value))
  })
  return isText
    ? textColumn(title, (each) => String(read(each) ?? ''))
    : {
        title: `${title}${jsonMark}`,
        cell: (each) => {
          const value = read(each)
          return value === undefined ? '' : JSON.stringify(value)
        },
      }
}

function textColumn(title: string, cell: (each: Case) => string): Column {
  return { title, cell }
}

/** A text that UTF-8 can carry: half of a surrogate pair is written as JSON. */
function isPlainText(value: Json | undefined): boolean {
  return typeof value === 'string' && value.isWellFormed()
}
