import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const binary = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array
}

/** Starts the built command as a process of its own, as a user would. */
export function startCommand(
  args: readonly string[],
  { cwd, env = {} }: CommandOptions = {},
): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const { TRACE2_DB, NO_COLOR, FORCE_COLOR, ...outside } = process.env
  // Whatever runs the tests has not started the command.
  const inherited = Object.fromEntries(
    Object.entries(outside).filter(([name]) => !/^npm_/i.test(name)),
  )
  const child = spawn(process.execPath, [binary, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
  return { child, finished }
}

/** Runs the built command to its end. */
export function command(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const { child, finished } = startCommand(args, options)
  child.stdin?.end(options.input)
  return finished
}

/** A directory of its own for a test, removed after it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
