// Makes a fresh clone usable, then runs a command in it: `node tools/run.mjs [--no-build] [command …]`.
// Installs when package-lock.json changed since the last install, builds what is out of date, and is
// silent and quick when there is nothing to do. Plain JavaScript with no imports beyond Node, because it
// runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const invokedFrom = process.env.INIT_CWD ?? process.cwd()

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Trace2 needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

const args = process.argv.slice(2)
const build = args[0] !== '--no-build'
if (!build) args.shift()

function run(command, commandArgs, options = {}) {
  const { status, error, signal, stdout } = spawnSync(command, commandArgs, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
    },
    ...options,
  })
  if (error) throw error
  if (stdout && status !== 0) console.error(stdout.toString())
  return signal ? 1 : (status ?? 1)
}

function orExit(status) {
  if (status !== 0) process.exit(status)
}

const stamp = join(root, 'node_modules', '.trace2-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.versions.modules)
  .digest('hex')
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Installing dependencies (once; about a minute) …')
  // `install`, not `ci`: the lock file holds what its registry offered, and `ci` refuses a lock without the binaries
  // of other platforms. Versions still come from the lock, and --no-save leaves it as it is.
  orExit(run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']))
  writeFileSync(stamp, wanted)
}

if (build) {
  // Its report is for the day something fails.
  const turbo = [
    'run',
    'build',
    '--output-logs=errors-only',
    '--log-prefix=none',
    '--no-update-notifier',
  ]
  orExit(run('turbo', turbo, { stdio: ['ignore', 'pipe', 'ignore'] }))
}

const [command, ...rest] = args
if (command === 'trace2') {
  process.exit(
    run('node', [join(root, 'packages/cli/dist/main.js'), ...rest], { cwd: invokedFrom }),
  )
}
if (command) process.exit(run(command, rest))
