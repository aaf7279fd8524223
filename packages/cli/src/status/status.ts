import { existsSync, statSync } from 'node:fs'
import { type DatabaseOptions, isAddress, suggested, withStore } from '../options/database.ts'
import { explained } from '../terminal/report-error.ts'
import { adviceFor } from './advice.ts'
import { askCollector, collectorsNear, type RunningCollector } from './collectors.ts'
import { type Content, contentOf } from './content.ts'
import {
  callProblems,
  collectorProblems,
  decisionProblems,
  goneProblems,
  type Problem,
} from './problems.ts'

/** What is running, what is stored, what is wrong and what to do next. */
export interface Status {
  readonly database: {
    readonly location: string
    readonly exists: boolean
    readonly bytes: number | null
  }
  readonly collectors: readonly RunningCollector[]
  /** `null` where there is no database, or it cannot be opened. */
  readonly content: Content | null
  readonly problems: readonly Problem[]
  /** What stands in the way of the next step; empty where nothing does. */
  readonly hint: string
  /** Commands, the first of which makes most sense. */
  readonly next: readonly string[]
}

/** Where a collector listens unless it is told otherwise. */
const USUAL_ADDRESS = 'http://127.0.0.1:4318'

/** Looks at a database and at the collectors near it. Never throws for what it finds: that is a problem in the result. */
export async function statusOf(options: DatabaseOptions): Promise<Status> {
  const { db } = options
  const address = isAddress(db)
  const exists = address || existsSync(db)
  const collectors = await runningCollectors(db)
  const problems: Problem[] = collectorProblems(collectors)
  let content: Content | null = null
  if (exists) {
    try {
      const looked = await withStore(options, async (store) => ({
        content: await contentOf(store),
        decisions: await decisionProblems(store),
      }))
      content = looked.content
      problems.push(...looked.decisions)
      for (const last of [content.step, content.guide]) problems.push(...(await callProblems(last)))
    } catch (thrown) {
      const { message, remedy } = explained(thrown)
      problems.push({ severity: 'error', message, remedy })
    }
  }
  const gone = address ? [] : await missingCollector(db, collectors)
  problems.push(...gone)
  if (!address && exists) problems.push(...(await fileProblems(db)))
  const own = await ownerAmong(db, collectors)
  const bytes = address || !exists ? null : statSync(db).size
  const { hint, commands } = adviceFor({
    content,
    isMissed: gone.length > 0,
    isModelNamed: ['TRACE2_MODEL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'].some(
      (name) => process.env[name],
    ),
    expected: exists,
    remote: address,
    collector: own?.url,
  })
  const next = commands.map((command) => forThisDatabase(command, options))
  return { database: { location: db, exists, bytes }, collectors, content, problems, hint, next }
}

async function runningCollectors(db: string): Promise<RunningCollector[]> {
  const near = await collectorsNear(isAddress(db) ? [] : [db])
  const known = new Set(near.map(({ url }) => url))
  const others: RunningCollector[] = []
  for (const url of new Set([...(isAddress(db) ? [db.replace(/\/+$/, '')] : []), USUAL_ADDRESS])) {
    if (known.has(url)) continue
    const found = await askCollector(url, process.env.TRACE2_TOKEN)
    if (found) others.push(found)
  }
  return [...near, ...others]
}

/** The collector that a database belongs to: others may be near, or listen where one usually does. */
async function ownerAmong(
  db: string,
  collectors: readonly RunningCollector[],
): Promise<RunningCollector | undefined> {
  if (isAddress(db)) return collectors.find(({ url }) => url === db.replace(/\/+$/, ''))
  const { canonicalPath } = await import('@trace2/collector')
  const path = canonicalPath(db)
  return collectors.find((one) => one.db === path)
}

async function missingCollector(
  db: string,
  collectors: readonly RunningCollector[],
): Promise<Problem[]> {
  const { canonicalPath } = await import('@trace2/collector')
  return goneProblems(canonicalPath(db), collectors)
}

async function fileProblems(db: string): Promise<Problem[]> {
  const { canonicalPath, checkFiles } = await import('@trace2/collector')
  const findings = await checkFiles(canonicalPath(db))
  return findings.flatMap(({ severity, message, remedy }) =>
    severity === 'warning' || severity === 'error' ? [{ severity, message, remedy }] : [],
  )
}

/** A command with `--db` where it needs it: the demo makes its own, and a collector owns a file. */
function forThisDatabase(command: string, options: DatabaseOptions): string {
  const isOwn = command.startsWith('trace2 demo') || /--help$/.test(command)
  const isCollect = command.startsWith('trace2 collect') && isAddress(options.db)
  return isOwn || isCollect ? command : suggested(command, options)
}
