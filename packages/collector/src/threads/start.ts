import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { compiledFile } from '../compiled.ts'
import { handingOn, isHandedOn, programText } from './bundled.ts'
import { type Role, roles } from './role.ts'

/**
 * Starts a thread of the collector: from its file, or, in a program that is bundled into one file, from the text that
 * the bundle has.
 *
 * @throws {Trace2Error} `T2_COLLECTOR_BUNDLED` where the native packages are not installed beside a bundle.
 */
export async function startThread(
  role: Role,
  { workerData, resourceLimits = {} }: Pick<WorkerOptions, 'workerData' | 'resourceLimits'>,
): Promise<Worker> {
  // Options of the process are for its own entry point.
  const options = { workerData, resourceLimits, execArgv: [] }
  const file = fileOf(role)
  if (file) return new Worker(file, options)
  const text = await programText(role)
  return handingOn(() => new Worker(text, { ...options, eval: true }))
}

/** Starts a process of the collector, with one argument and its output as a pipe. */
export async function startProcess(role: Role, argument: string): Promise<ChildProcess> {
  const file = fileOf(role)
  if (file) {
    const args = [fileURLToPath(file), argument]
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  }
  // The text is longer than an argument may be.
  const text = await programText(role)
  const child = spawn(process.execPath, ['-', argument], { stdio: ['pipe', 'pipe', 'ignore'] })
  // A process that ends early says so by its code.
  child.stdin.on('error', () => {})
  child.stdin.end(text)
  return child
}

/** The compiled module of a role; `undefined` where the program is bundled, so that there is none. */
function fileOf(role: Role): URL | undefined {
  const address: string | undefined = import.meta.url
  if (address === undefined || isHandedOn()) return undefined
  const file = compiledFile(address, roles[role])
  return existsSync(file) ? file : undefined
}
