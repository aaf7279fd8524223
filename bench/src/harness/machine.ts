import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem } from 'node:os'

/** Where figures were measured: those of two machines cannot be compared, but for ratios. */
export interface Machine {
  readonly processor: string
  readonly processors: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly duckdb: string
  readonly trace2: string
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    duckdb: versionOf('@duckdb/node-api'),
    trace2: versionOf('@trace2/store'),
  }
}

export function describe(machine: Machine): string {
  const { processor, processors, memoryGiB, system, node, duckdb, trace2 } = machine
  return `${processor}, ${processors} processors, ${memoryGiB} GiB, ${system}; Node ${node}, DuckDB ${duckdb}, Trace2 ${trace2}`
}

/** Whether times of the two can be compared. */
export function alike(one: Machine, other: Machine): boolean {
  return (
    one.processor === other.processor &&
    one.processors === other.processors &&
    one.node.split('.')[0] === other.node.split('.')[0]
  )
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8'))
      return String(Object(manifest).version)
    } catch {
      // Installed in a folder further up.
    }
  }
  return 'unknown'
}
