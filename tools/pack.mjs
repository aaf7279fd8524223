// Packs every published package into a directory (default: packs) and prints the line that installs them in a project,
// with what an agent needs beside them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publishedWorkspaces, root } from './workspaces.mjs'

const destination = resolve(process.argv[2] ?? join(root, 'packs'))
mkdirSync(destination, { recursive: true })

const { status } = spawnSync(
  'npm',
  [
    'pack',
    '--silent',
    '--pack-destination',
    destination,
    ...publishedWorkspaces().flatMap(({ directory }) => ['-w', directory]),
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
)
if (status !== 0) process.exit(status ?? 1)
const recorder = join(root, 'packages', 'instrumentation', 'package.json')
const { peerDependencies } = JSON.parse(readFileSync(recorder, 'utf8'))
const beside = Object.keys(peerDependencies).filter((name) => name.startsWith('@opentelemetry/'))
console.log(`npm install ${join(destination, '*.tgz')} ${beside.join(' ')}`)
