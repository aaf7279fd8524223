import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a program is run: as a module, by `require`, or as a worker thread of a program that does nothing else. */
export type Form = 'module' | 'commonjs' | 'worker'

export interface ChildOptions {
  readonly form?: Form
  readonly env?: Readonly<Record<string, string>>
  /** Sent when the program has written `ready`. */
  readonly stop?: NodeJS.Signals
  /** Ends the program in a way that it cannot see. */
  readonly killWhen?: Promise<unknown>
}

/** What a child that does not end by itself is ended by; no test is about this time. */
const killMs = 20_000

const built = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url))
const api = fileURLToPath(import.meta.resolve('@opentelemetry/api'))

/** The names that every program here has. */
function programText(body: string, form: Form): string {
  const from = (names: string, path: string) =>
    form === 'module'
      ? `import { ${names} } from ${JSON.stringify(path)}`
      : `const { ${names} } = require(${JSON.stringify(path)})`
  const head = [
    from('bundle, feedback, parameter, run, t', built('index.js')),
    from('start', built('nodejs/index.js')),
    from('diag, DiagConsoleLogger', api),
  ].join('\n')
  return form === 'module' ? `${head}\n${body}` : `${head}\n;(async () => {${body}\n})()`
}

/** Runs a program in a process of its own until it ends; it has the API of this package and of `diag`. */
export async function runChild(
  directory: string,
  body: string,
  { form = 'module', env = {}, stop, killWhen }: ChildOptions = {},
): Promise<{
  stdout: string
  stderr: string
  code: number | null
  signal: NodeJS.Signals | null
}> {
  const name = join(directory, `${crypto.randomUUID()}.${form === 'module' ? 'mjs' : 'cjs'}`)
  await writeFile(name, programText(body, form))
  let main = name
  if (form === 'worker') {
    main = `${name}.main.cjs`
    const text = `new (require('node:worker_threads').Worker)(${JSON.stringify(name)})`
    await writeFile(main, text)
  }
  const child = spawn(process.execPath, ['--no-warnings', main], {
    cwd: directory,
    env: { ...process.env, ...env },
    timeout: killMs,
    killSignal: 'SIGKILL',
  })
  void killWhen?.then(() => child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    if (stop && stdout.includes('ready')) child.kill(stop)
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code, signal] = await once(child, 'close')
  return { stdout, stderr, code, signal }
}
