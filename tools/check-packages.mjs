// Checks each package as npm would publish it: publint and attw say whether its exports map and types hold; beside them,
// that its source maps lead somewhere, that no tests are in it, and that it needs no package that is not published.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { faultsOfFiles } from './packed-files.mjs'
import { publishedWorkspaces, root, workspaces } from './workspaces.mjs'

const unpublished = new Set(
  workspaces()
    .filter(({ manifest }) => manifest.private)
    .map(({ manifest }) => manifest.name),
)
let failed = 0
for (const { directory: path, manifest } of publishedWorkspaces()) {
  const directory = join(root, path)
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
  const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const faults = [
    ...faultsOfFiles(directory),
    ...needed.filter((name) => unpublished.has(name)).map((name) => `${name} is not published`),
  ]
  failed += faults.length
  for (const fault of faults.slice(0, 5)) console.error(`${manifest.name}: ${fault}`)
  if (faults.length > 5) console.error(`${manifest.name}: and ${faults.length - 5} more`)
  if (faults.some((fault) => fault.startsWith('dist/')))
    console.error(`Where a file of dist has no source any more: delete ${path}/dist, build again.`)
}
console.log(
  failed === 0
    ? 'Every package passes publint and attw, and has the sources that its maps name.'
    : `${failed} package checks failed.`,
)
process.exit(failed === 0 ? 0 : 1)
