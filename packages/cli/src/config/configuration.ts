import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { defined } from '@trace2/core'
import type { AgentDefinition, AgentLimits } from '@trace2/evaluation'
import { raise } from '../errors.ts'
import { findConfig } from './find.ts'
import type { AgentSetting, LimitSettings, Trace2Config } from './trace2-config.ts'

/** A configuration file that was read, with paths as they are from the working directory. */
export interface Configuration extends Omit<Trace2Config, 'agent' | 'limits'> {
  readonly file: string
  readonly agent?: AgentDefinition
  readonly limits: AgentLimits
}

/**
 * The configuration of the working directory; `undefined` where there is none. It is read once.
 *
 * @throws {Trace2Error} `T2_CONFIG_LOAD` for a file that cannot be loaded, `T2_CONFIG_INVALID` for one that is none.
 */
export function configuration(): Promise<Configuration | undefined> {
  known ??= read(findConfig(process.cwd()))
  return known
}

let known: Promise<Configuration | undefined> | undefined

async function read(file: string | undefined): Promise<Configuration | undefined> {
  return file === undefined ? undefined : readConfiguration(file)
}

/** Reads a configuration file. */
export async function readConfiguration(file: string): Promise<Configuration> {
  const value = await load(file)
  // Most commands find none; those that do not should not wait for it.
  const { checkConfig } = await import('./schema.ts')
  const checked = checkConfig(value)
  if ('faults' in checked) {
    const faults = checked.faults.map((fault) => `\n  ${fault}`).join('')
    throw raise('T2_CONFIG_INVALID', `${shown(file)} is not valid:${faults}`)
  }
  const directory = dirname(file)
  const { agent, limits, store, parameters, ...rest } = checked.config
  return {
    ...rest,
    ...defined({
      store: store === undefined ? undefined : storeIn(store, directory),
      parameters: parameters === undefined ? undefined : resolve(directory, parameters),
      agent: agent === undefined ? undefined : agentOf(agent, directory),
    }),
    limits: limitsOf(limits ?? {}),
    file,
  }
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(await readFile(file, 'utf8'))
    const { importDefault } = await import('@trace2/evaluation/modules')
    return await importDefault(file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw raise('T2_CONFIG_LOAD', `${shown(file)} cannot be loaded: ${why}`, { cause: error })
  }
}

/** `./src/agent.ts#agent`, an address, a command: relative to a folder, as something that can be run. */
export function agentOf(setting: AgentSetting, directory: string): AgentDefinition {
  if (typeof setting !== 'string') {
    if ('url' in setting) return { kind: 'url', ...setting }
    const { command, directory: own = '' } = setting
    return { kind: 'command', command, directory: resolve(directory, own) }
  }
  if (/^https?:\/\//i.test(setting)) return { kind: 'url', url: setting }
  const at = setting.lastIndexOf('#')
  const file = at > 0 ? setting.slice(0, at) : setting
  const name = at > 0 ? setting.slice(at + 1) : 'default'
  return { kind: 'module', file: resolve(directory, file), export: name, directory }
}

function limitsOf({ timeout, memory, ...rest }: LimitSettings): AgentLimits {
  return {
    ...rest,
    ...defined({
      timeoutMs: timeout === undefined ? undefined : timeout * 1000,
      memoryMb: memory,
    }),
  }
}

function storeIn(store: string, directory: string): string {
  if (/^https?:\/\//i.test(store) || store === ':memory:') return store
  return shown(resolve(directory, store))
}

/** A path as it would be written here. */
function shown(path: string): string {
  const here = relative('', path)
  return here === '' || here.startsWith('..') ? path : here
}
