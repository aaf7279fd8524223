import { readFileSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.ts'
import type { Series } from './series.ts'

/** Figures of some measurements, as a file keeps them. */
export interface Saved {
  readonly machine: Machine
  readonly measurements: Readonly<Record<string, readonly Series[]>>
}

/** What a file keeps; `undefined` where there is no such file. */
export function readSaved(file: string): Saved | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (Object(error).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes figures to a file, beside those that it has of other measurements of the same machine. */
export function save(file: string, { machine, measurements }: Saved): void {
  const before = readSaved(file)
  const same = before && JSON.stringify(before.machine) === JSON.stringify(machine)
  const all = { ...(same ? before.measurements : {}), ...measurements }
  writeFileSync(file, `${JSON.stringify({ machine, measurements: all }, undefined, 2)}\n`)
}
