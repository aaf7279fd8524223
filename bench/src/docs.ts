// `npm run docs:performance`: writes the saved figures into docs/performance.md, each table between the marks that name its measurement.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from './harness/machine.ts'
import { readSaved } from './harness/saved.ts'
import { markdown } from './harness/table.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const saved = readSaved(fileURLToPath(new URL('../baseline.json', import.meta.url)))
if (!saved) throw new Error('Nothing is saved: npm run bench -- --save bench/baseline.json')
const { machine, measurements } = saved
const text = readFileSync(page, 'utf8').replace(
  /(<!-- figures: ([\w-]+) -->\n).*?(<!-- \/figures -->)/gs,
  (_all, begin: string, name: string, end: string) => {
    const series = measurements[name]
    const table = name === 'machine' ? `${describe(machine)}.` : series && markdown(series)
    if (table === undefined) throw new Error(`Nothing is saved of ${name}.`)
    return `${begin}\n${table}\n\n${end}`
  },
)
writeFileSync(page, text)
