// Installs the runtimes that the tests of test/runtimes run in, beside the one that runs the tests: `npm run runtimes`.
// They are several hundred megabytes, so that `npm install` leaves them out and the tests skip what is not there.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../node_modules/.cache/trace2-runtimes/', import.meta.url))
const packages = {
  bun: 'bun@1',
  node20: 'npm:node@20',
  node22: 'npm:node@22',
  node24: 'npm:node@24',
}
const asked = process.argv.slice(2)
const wanted = Object.entries(packages).filter(
  ([name]) => asked.length === 0 || asked.includes(name),
)
const missing = wanted.filter(([name]) => !existsSync(`${folder}node_modules/${name}`))
if (missing.length > 0) {
  mkdirSync(folder, { recursive: true })
  if (!existsSync(`${folder}package.json`)) writeFileSync(`${folder}package.json`, '{}')
  const specifiers = missing.map(([name, from]) => (name === 'bun' ? from : `${name}@${from}`))
  // The package of Node.js is its own script: it fetches the binary.
  const args = [
    'install',
    '--ignore-scripts=false',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...specifiers,
  ]
  const { status } = spawnSync('npm', args, {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
