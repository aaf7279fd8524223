import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Program } from './programs.ts'

const cache = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))

/** What runs a program. */
export function interpreterOf({ language, name, node }: Program): string {
  if (language === 'python') return `${cache}/trace2-foreign/${name}/bin/python`
  const here = Number(process.versions.node.split('.')[0])
  if (node <= here) return process.execPath
  const other = `${cache}/trace2-runtimes/node_modules/node22/bin/node`
  return existsSync(other) ? other : process.execPath
}
