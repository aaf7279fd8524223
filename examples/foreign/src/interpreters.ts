import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, type Program } from './programs.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache')
const isWindows = process.platform === 'win32'

/** What runs a program, or why nothing does. */
export type Interpreter = { readonly command: string } | { readonly missing: string }

/**
 * What runs a program.
 *
 * @param options.install whether to install what is missing.
 * @param options.tell is told what is about to be installed, which may take minutes.
 */
export function interpreterOf(program: Program, options: InstallOptions): Interpreter {
  return program.language === 'npm' ? nodeFor(program, options) : pythonFor(program, options)
}

export interface InstallOptions {
  readonly install: boolean
  readonly tell?: (what: string) => void
}

const untold = () => undefined

function nodeFor({ node }: Program, { install, tell = untold }: InstallOptions): Interpreter {
  const directory = join(folder, 'npm')
  if (!existsSync(join(directory, 'node_modules'))) {
    if (install) tell('the packages of the programs for Node.js')
    const ci = ['ci', '--engine-strict=false', '--no-audit', '--no-fund', '--loglevel=error']
    if (!install || !succeeds('npm', ci, directory)) {
      return {
        missing: 'its packages are not installed: npm run foreign, with the registry reached',
      }
    }
  }
  if (node <= Number(process.versions.node.split('.')[0])) return { command: process.execPath }
  const command = join(cache, `trace2-runtimes/node_modules/node${node}/bin/node`)
  const runtimes = [join(root, 'tools/runtimes.mjs'), `node${node}`]
  if (!existsSync(command) && install) {
    tell(`Node.js ${node}`)
    succeeds(process.execPath, runtimes, root)
  }
  if (existsSync(command)) return { command }
  return { missing: `it needs Node.js ${node}: npm run runtimes -- node${node}` }
}

/** Each program of Python has an environment of its own: their frameworks want different versions of the same packages. */
function pythonFor({ name }: Program, { install, tell = untold }: InstallOptions): Interpreter {
  const environment = join(cache, 'trace2-foreign', name)
  const bin = isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']
  const command = join(environment, ...bin)
  const marker = join(environment, 'installed')
  if (existsSync(marker)) return { command }
  const requirements = join(folder, 'python', 'requirements', `${name}.txt`)
  if (install) tell(`the packages of python:${name}`)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  const done =
    install &&
    succeeds(isWindows ? 'python' : 'python3', ['-m', 'venv', environment], root) &&
    // The pip of an older Python cannot resolve what needs OpenTelemetry's betas.
    succeeds(command, [...pip, '--upgrade', 'pip'], root) &&
    succeeds(command, [...pip, '-r', requirements], root) &&
    succeeds(command, ['-c', `open(${JSON.stringify(marker)}, 'w').close()`], root)
  return done
    ? { command }
    : { missing: 'Python or its packages are not here: npm run foreign, with PyPI reached' }
}

function succeeds(command: string, args: readonly string[], cwd: string): boolean {
  const shell = isWindows && command === 'npm'
  return (
    spawnSync(command, args, { cwd, shell, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  )
}
