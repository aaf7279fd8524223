import { existsSync, statSync } from 'node:fs'
import { type DatabaseOptions, isAddress, suggested, withStore } from '../options/database.ts'
import { explained } from '../terminal/report-error.ts'
import { askCollector, collectorsNear, type RunningCollector } from './collectors.ts'
import { type Content, contentOf } from './content.ts'
import { collectorProblems, type Problem } from './problems.ts'

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
      content = await withStore(options, contentOf)
    } catch (thrown) {
      const { message, remedy } = explained(thrown)
      problems.push({ severity: 'error', message, remedy })
    }
  }
  if (!address && exists) problems.push(...(await fileProblems(db)))
  const bytes = address || !exists ? null : statSync(db).size
  const next = nextSteps(content, collectors, options)
  return { database: { location: db, exists, bytes }, collectors, content, problems, next }
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

async function fileProblems(db: string): Promise<Problem[]> {
  const { canonicalPath, checkFiles } = await import('@trace2/collector')
  const findings = await checkFiles(canonicalPath(db))
  return findings.flatMap(({ severity, message, remedy }) =>
    severity === 'warning' || severity === 'error' ? [{ severity, message, remedy }] : [],
  )
}

function nextSteps(
  content: Content | null,
  collectors: readonly RunningCollector[],
  options: DatabaseOptions,
): string[] {
  const commands = stepsAfter(content, collectors.length > 0)
  return commands.map((command) =>
    command.startsWith('trace2 demo') ? command : suggested(command, options),
  )
}

function stepsAfter(content: Content | null, collecting: boolean): string[] {
  if (!content || content.runs.count === 0)
    return collecting ? ['trace2 demo'] : ['trace2 collect', 'trace2 demo']
  const { open } = content.proposals
  const [first] = open
  if (first !== undefined) return [`trace2 show ${first}`, `trace2 accept ${first}`]
  if (content.feedback.count === 0)
    return ['trace2 feedback last --score 0 --comment "What was wrong, in words."', 'trace2 judge']
  return content.parameters === 0 ? ['trace2 parameters'] : ['trace2 optimize']
}
