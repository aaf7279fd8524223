// `npm run docs:figures`: renders every docs/figures/*.dot to the SVG of the same name.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { instance } from '@viz-js/viz'

const directory = fileURLToPath(new URL('../docs/figures/', import.meta.url))
const viz = await instance()
for (const name of readdirSync(directory).filter((file) => file.endsWith('.dot'))) {
  const svg = viz.renderString(readFileSync(join(directory, name), 'utf8'), { format: 'svg' })
  writeFileSync(join(directory, name.replace(/\.dot$/, '.svg')), svg)
  console.log(`docs/figures/${name.replace(/\.dot$/, '.svg')}`)
}
