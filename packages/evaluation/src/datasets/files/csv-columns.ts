import { raise } from '../../errors.ts'

/** Ends the name of a column whose cells are JSON. Cells of other columns are texts. */
export const jsonMark = ':json'
/** Begins the name of a column with the value of one role. */
export const inputPrefix = 'input.'

/** A column of a CSV file of cases. */
export interface CsvColumn {
  /** The member of the case: a role of its inputs, or a field. */
  readonly name: string
  readonly role: boolean
  readonly json: boolean
}

/**
 * The columns that a header names.
 *
 * @throws {Trace2Error} `T2_DATASET_FILE` where two are named alike, or none is an input.
 */
export function columnsOf(header: readonly string[]): readonly CsvColumn[] {
  const columns = header.map((title): CsvColumn => {
    const json = title.endsWith(jsonMark)
    const name = json ? title.slice(0, -jsonMark.length) : title
    const role = name.startsWith(inputPrefix) && name.length > inputPrefix.length
    return { name: role ? name.slice(inputPrefix.length) : name.trim(), role, json }
  })
  const seen = new Set<string>()
  for (const { name, role } of columns) {
    const key = `${role} ${name}`
    if (name !== '' && seen.has(key)) {
      throw raise('T2_DATASET_FILE', `The header names ${JSON.stringify(name)} twice.`)
    }
    seen.add(key)
  }
  const given = ['input', 'inputs']
  if (!columns.some(({ name, role }) => role || given.includes(name))) {
    throw raise(
      'T2_DATASET_FILE',
      `The header has no column \`input\` or \`input.ROLE\`, but ${JSON.stringify(header.slice(0, 8).map((title) => title.slice(0, 40)))}.`,
    )
  }
  return columns
}

const candidates = [',', ';', '\t']

/** What separates the columns of a header: a comma, or a semicolon or tab where there are more of them. */
export function delimiterOf(header: string): string {
  const plain = header.replace(/"(?:[^"]|"")*"/g, '')
  const count = (delimiter: string) => plain.split(delimiter).length
  return candidates.reduce((best, each) => (count(each) > count(best) ? each : best))
}
