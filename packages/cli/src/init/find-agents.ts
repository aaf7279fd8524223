import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { AgentSetting } from '../config/trace2-config.ts'

/** Something in a folder that is likely to be an agent. */
export interface FoundAgent {
  readonly setting: AgentSetting
  /** What speaks for it. */
  readonly because: string
}

/** Files that are looked at, and how long one may be: more is no folder of one agent. */
const mostFiles = 2_000
const longestFile = 512 * 1024

const notLookedInto =
  /^(?:node_modules|dist|build|out|coverage|vendor|venv|env|__pycache__|tests?|__tests__|\..*)$/
const isTest = /[._](?:test|spec)\.|^test_|^conftest\.py$|\.d\.[cm]?ts$|^trace2\.config\./

/** The likely agents of a folder, the likeliest first. */
export async function findAgents(directory: string): Promise<readonly FoundAgent[]> {
  const files = await filesOf(directory)
  const exported: FoundAgent[] = []
  const programs: FoundAgent[] = []
  for (const file of files) {
    const text = await readFile(join(directory, file), 'utf8').catch(() => '')
    if (/\.py$/.test(file)) programs.push(...pythonAgent(file, text))
    else exported.push(...exportedAgents(file, text))
  }
  return [...exported, ...(await mainAgent(directory, exported)), ...programs]
}

/** Source files, those of upper folders first. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const found: string[] = []
  const waiting = [directory]
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => [])
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name)
      if (entry.isDirectory() && !notLookedInto.test(entry.name)) waiting.push(path)
      const isSource = /\.(?:[cm]?[jt]sx?|py)$/.test(entry.name) && !isTest.test(entry.name)
      if (!entry.isFile() || !isSource) continue
      if (found.length === mostFiles) return found
      if ((await stat(path)).size <= longestFile) found.push(relative(directory, path))
    }
  }
  return found
}

const named = /\bexport\s+(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=\s*run\s*(?:<[^()]*>)?\(/g
const asDefault = /\bexport\s+default\s+run\s*(?:<[^()]*>)?\(/
const declared = /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=\s*run\s*(?:<[^()]*>)?\(/g

/** What a module exports that `run(…)` of the instrumentation made. */
function exportedAgents(file: string, text: string): readonly FoundAgent[] {
  if (!text.includes('@trace2/instrumentation')) return []
  const lists = [...text.matchAll(/\bexport\s*\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  )
  const names = new Set([
    ...[...text.matchAll(named)].map(([, name = '']) => name),
    ...[...text.matchAll(declared)].flatMap(([, name = '']) =>
      lists.includes(name) ? [name] : [],
    ),
    ...(asDefault.test(text) ? ['default'] : []),
  ])
  return [...names].map((name) => ({
    setting: `./${file.replaceAll('\\', '/')}${name === 'default' ? '' : `#${name}`}`,
    because: 'exports what run(…) makes',
  }))
}

/** The main module of a package that has no better candidate. */
async function mainAgent(
  directory: string,
  others: readonly FoundAgent[],
): Promise<readonly FoundAgent[]> {
  if (others.length > 0) return []
  try {
    const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
    const main: unknown = Reflect.get(Object(manifest), 'main')
    if (typeof main !== 'string' || !(await stat(join(directory, main))).isFile()) return []
    const setting = main.startsWith('.') ? main : `./${main}`
    return [{ setting, because: 'is the main module of package.json' }]
  } catch {
    return []
  }
}

/** A Python file that is run as a program and reads what it is to do. */
function pythonAgent(file: string, text: string): readonly FoundAgent[] {
  if (!/__name__\s*==\s*['"]__main__['"]/.test(text) && !/(?:^|[\\/])agent\.py$/.test(file))
    return []
  const setting = { command: [python, file.replaceAll('\\', '/')] }
  return [{ setting, because: 'is a Python program' }]
}

const python = process.platform === 'win32' ? 'python' : 'python3'
