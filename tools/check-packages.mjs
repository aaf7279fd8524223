// Packs each published package and asks publint and attw whether its exports map and types hold.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
let failed = 0
for (const parent of ['packages', 'examples']) {
  for (const name of readdirSync(join(root, parent))) {
    const directory = join(root, parent, name)
    if (!existsSync(join(directory, 'package.json'))) continue
    if (!existsSync(join(directory, 'package.json'))) continue
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    if (manifest.private) continue
    const checks = [['publint', 'run', '--strict', directory]]
    // A package without an entry point (the command) has no types to check. ESM only: `require` works on every
    // supported Node (20.19 and newer load ES modules with it), which attw's older resolution modes do not know.
    if (manifest.exports['.'])
      checks.push(['attw', '--pack', directory, '--profile', 'esm-only', '--quiet'])
    for (const [command, ...args] of checks) {
      const { status } = spawnSync(command, args, { stdio: 'inherit', cwd: root })
      if (status !== 0) {
        failed++
        console.error(`${command} rejects ${manifest.name}`)
      }
    }
  }
}
console.log(
  failed === 0 ? 'Every package passes publint and attw.' : `${failed} package checks failed.`,
)
process.exit(failed === 0 ? 0 : 1)
