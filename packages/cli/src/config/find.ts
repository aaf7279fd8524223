import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The first of these in a folder is its configuration. */
export const configNames = ['ts', 'mts', 'js', 'mjs', 'json'].map((end) => `trace2.config.${end}`)

/** The configuration of a folder: in it, or in the nearest folder above that has one. */
export function findConfig(directory: string): string | undefined {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const found = configNames.map((name) => join(at, name)).find((path) => existsSync(path))
    if (found !== undefined || dirname(at) === at) return found
  }
}
