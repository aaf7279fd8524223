import { describe } from './machine.ts'
import type { Saved } from './saved.ts'
import { markdown } from './table.ts'

/**
 * A page with the saved figures in it: a table between the marks that name a measurement, a line between those of `machine`.
 *
 * @throws {Error} for a measurement of which nothing is saved.
 */
export function withFigures(page: string, { machine, measurements }: Saved): string {
  return page.replace(
    /(<!-- figures: ([\w-]+) -->\n).*?(<!-- \/figures -->)/gs,
    (_all, begin: string, name: string, end: string) => {
      const series = measurements[name]
      const table = name === 'machine' ? `${describe(machine)}.` : series && markdown(series)
      if (table === undefined) throw new Error(`Nothing is saved of ${name}.`)
      return `${begin}\n${table}\n\n${end}`
    },
  )
}
