import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isAddress } from '../options/database.ts'
import { memberOf } from './member.ts'
import { type Sample, samplesIn } from './samples.ts'

/** A collector that answers. */
export interface RunningCollector {
  readonly url: string
  /** Known of collectors on this machine whose database is near. */
  readonly pid: number | null
  /** The file that it owns, where that is known. */
  readonly db: string | null
  readonly ready: boolean
  /** Why it is not ready. */
  readonly reasons: readonly string[]
  /** What it said of itself that somebody has to look at, by the names of its metrics; `null` where it does not let us. */
  readonly counts: Readonly<Record<string, number>> | null
  /** Who is sent what comes in; empty also where it does not let us see. */
  readonly targets: readonly ForwardState[]
}

/** How a forward target is doing. */
export interface ForwardState {
  readonly target: string
  /** Requests that it has not taken yet. */
  readonly waiting: number
  /** How long the oldest of them has waited. */
  readonly seconds: number
  /** Attempts that it did not answer, or put off. */
  readonly retries: number
}

const TIMEOUT_MS = 2000

/** Collectors that own a database in the directories of the given files or here. */
export async function collectorsNear(databases: readonly string[]): Promise<RunningCollector[]> {
  const { askOwner, canonicalPath } = await import('@trace2/store')
  const files = new Set<string>()
  for (const directory of new Set(['.', ...databases.map((file) => dirname(file))])) {
    const names = await readdir(directory).catch(() => [])
    for (const name of names) {
      const file = /^(.+)\.owner\.json$/.exec(name)?.[1]
      if (file !== undefined) files.add(canonicalPath(join(directory, file)))
    }
  }
  const found: RunningCollector[] = []
  for (const db of [...files].sort()) {
    const asked = await askOwner(db)
    if (!asked || asked.state === 'gone') continue
    const { url, pid, token } = asked.owner
    const state = asked.state === 'answers' ? await askCollector(url, token) : undefined
    found.push({ ...(state ?? silent(url)), pid, db })
  }
  return found
}

/** The address of the collector that keeps a database; `undefined` where none is running. */
export async function collectorOf(database: string): Promise<string | undefined> {
  if (isAddress(database)) return database.replace(/\/+$/, '')
  const { canonicalPath, findOwner } = await import('@trace2/collector')
  return (await findOwner(canonicalPath(database)))?.url
}

function silent(url: string): RunningCollector {
  const reasons = ['it does not answer']
  return { url, pid: null, db: null, ready: false, reasons, counts: null, targets: [] }
}

/** The collector at an address, or `undefined` where none answers. */
export async function askCollector(
  url: string,
  token: string | undefined,
): Promise<RunningCollector | undefined> {
  const base = url.replace(/\/+$/, '')
  const readiness = await get(`${base}/readyz`, token)
  const body = readiness && jsonIn(readiness.text)
  const ready = memberOf(body, 'ready')
  // Something else may listen there.
  if (typeof ready !== 'boolean') return undefined
  const told = memberOf(body, 'reasons')
  const reasons = Array.isArray(told) ? told.map(String) : []
  const metrics = await get(`${base}/metrics`, token)
  const samples = metrics?.ok ? samplesIn(metrics.text) : undefined
  const counts = samples ? totals(samples) : null
  const targets = samples ? targetsIn(samples) : []
  return { url: base, pid: null, db: null, ready, reasons, counts, targets }
}

async function get(
  url: string,
  token: string | undefined,
): Promise<{ readonly ok: boolean; readonly text: string } | undefined> {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` }
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
    return { ok: response.ok, text: await response.text() }
  } catch {
    return undefined
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Values of one name added, whatever their labels. */
function totals(samples: readonly Sample[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { name, value } of samples) sums[name] = (sums[name] ?? 0) + value
  return sums
}

function targetsIn(samples: readonly Sample[]): ForwardState[] {
  const retried = samples.filter(({ name }) => name === 'trace2_forward_retries_total')
  return retried.map(({ labels: { target = '' }, value }) => {
    const ofConsumer = (wanted: string) =>
      samples.find(({ name, labels }) => name === wanted && labels.consumer === target)?.value ?? 0
    return {
      target,
      waiting: ofConsumer('trace2_consumer_backlog'),
      seconds: ofConsumer('trace2_consumer_lag_seconds'),
      retries: value,
    }
  })
}
