// Packs every published package into a directory (default: packs) and prints the line that installs them in a project,
// with what an agent needs beside them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const destination = resolve(process.argv[2] ?? join(root, 'packs'))
mkdirSync(destination, { recursive: true })

const workspaces = ['packages', 'examples'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .map((name) => join(parent, name))
    .filter((directory) => {
      const manifest = join(root, directory, 'package.json')
      return existsSync(manifest) && !JSON.parse(readFileSync(manifest, 'utf8')).private
    }),
)
const { status } = spawnSync(
  'npm',
  [
    'pack',
    '--silent',
    '--pack-destination',
    destination,
    ...workspaces.flatMap((one) => ['-w', one]),
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
)
if (status !== 0) process.exit(status ?? 1)
const recorder = join(root, 'packages', 'instrumentation', 'package.json')
const { peerDependencies } = JSON.parse(readFileSync(recorder, 'utf8'))
const beside = Object.keys(peerDependencies).filter((name) => name.startsWith('@opentelemetry/'))
console.log(`npm install ${join(destination, '*.tgz')} ${beside.join(' ')}`)
