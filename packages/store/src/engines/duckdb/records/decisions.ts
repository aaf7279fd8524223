import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { defined } from '@trace2/core'
import type { Change, Decision, NewChange, NewDecision } from '../../../decision.ts'
import { decisionUnfinished } from '../../../decision-unfinished.ts'
import { raise } from '../../../errors.ts'
import type { Deployment, Proposal } from '../../../proposal.ts'
import { proposalClosed } from '../../../proposal-closed.ts'
import type { Database } from '../database.ts'
import { decisionTable, deploymentTable, insertRows } from '../tables/index.ts'
import { documents, documentsOn, documentText } from './document-rows.ts'

/** Takes a decision if nothing that it rests on has changed: the store's `beginDecision`. */
export async function beginDecision(database: Database, taken: NewDecision): Promise<Decision> {
  return database.write(async (connection) => {
    const known = await decisionOn(connection, taken.id)
    if (known) return known
    const begunAt = new Date().toISOString()
    await refuseUnfinished(connection, taken)
    const changes: Change[] = []
    for (const change of taken.changes) {
      await refuseOthers(connection, change)
      const earlier =
        taken.action === 'accept' ? await close(connection, taken, change, begunAt) : null
      changes.push({ ...change, deployment: randomUUID(), earlier })
    }
    const decision: Decision = { ...taken, state: 'begun', changes, begunAt }
    await insertRows(connection, decisionTable, [decision])
    return decision
  })
}

/** Records what came of a decision: the store's `endDecision`. */
export async function endDecision(
  database: Database,
  id: string,
  inForce: readonly string[],
): Promise<Deployment[]> {
  return database.write(async (connection) => {
    const decision = await decisionOn(connection, id)
    if (!decision) throw raise('T2_DECISION_UNKNOWN', `There is no decision ${JSON.stringify(id)}.`)
    if (decision.state === 'ended') return deploymentsOf(connection, decision)
    const createdAt = await timeOfNext(connection)
    const { action, target } = decision
    const deployments: Deployment[] = []
    for (const change of decision.changes) {
      const { deployment, parameter, version, previousVersion, proposal } = change
      if (!inForce.includes(parameter)) await reopen(connection, change)
      else {
        const changed = { parameter, version, previousVersion, proposal }
        deployments.push({ ...changed, action, target, id: deployment, createdAt })
      }
    }
    await insertRows(connection, deploymentTable, deployments)
    await connection.run('UPDATE decision SET state = $2, document = $3 WHERE id = $1', [
      id,
      'ended',
      documentText({ ...decision, state: 'ended' }),
    ])
    return deployments
  })
}

export function readUnfinishedDecisions(database: Database): Promise<Decision[]> {
  return documents(
    database,
    "SELECT document FROM decision WHERE state = 'begun' ORDER BY begun_at, rowid",
    [],
  )
}

async function decisionOn(connection: DuckDBConnection, id: string): Promise<Decision | undefined> {
  const query = 'SELECT document FROM decision WHERE id = $1'
  const [decision] = await documentsOn<Decision>(connection, query, [id])
  return decision
}

/** One decision at a time concerns a parameter. */
async function refuseUnfinished(connection: DuckDBConnection, taken: NewDecision): Promise<void> {
  const query = "SELECT document FROM decision WHERE state = 'begun'"
  for (const other of await documentsOn<Decision>(connection, query, [])) {
    const shared = other.changes.find(({ parameter }) =>
      taken.changes.some((change) => change.parameter === parameter),
    )
    if (shared) throw decisionUnfinished(other, `it concerns ${shared.parameter} as well.`)
  }
}

/** Whoever decides has to know what was decided before. */
async function refuseOthers(
  connection: DuckDBConnection,
  { parameter, after }: NewChange,
): Promise<void> {
  const query =
    'SELECT document FROM deployment WHERE parameter = $1 ORDER BY created_at DESC, rowid DESC LIMIT 1'
  const [latest] = await documentsOn<Deployment>(connection, query, [parameter])
  if ((latest?.id ?? null) === after) return
  throw raise('T2_DECISION_CONFLICT', `Another decision about ${parameter} was taken meanwhile.`)
}

/**
 * Makes a proposal an accepted one, in a file. One that had been accepted and taken back keeps its note.
 *
 * @returns what it was before.
 */
async function close(
  connection: DuckDBConnection,
  decision: NewDecision,
  { proposal: id }: NewChange,
  begunAt: string,
): Promise<Change['earlier']> {
  const proposal = id === null ? undefined : await proposalOn(connection, id)
  if (!proposal) throw raise('T2_PROPOSAL_UNKNOWN', `There is no proposal ${id}.`)
  const { status, note, decidedAt } = proposal
  const earlier = { status, note, decidedAt, ...defined({ target: proposal.target }) }
  const { target } = decision
  if (status === 'open') {
    const decided = { status: 'accepted', note: decision.note, decidedAt: begunAt } as const
    await update(connection, { ...proposal, ...decided, target })
    return earlier
  }
  const query = `SELECT document FROM deployment WHERE (document ->> 'proposal') = $1
    ORDER BY created_at DESC, rowid DESC LIMIT 1`
  const [latest] = await documentsOn<Deployment>(connection, query, [proposal.id])
  if (status !== 'accepted' || latest?.action !== 'rollback') {
    throw proposalClosed(proposal)
  }
  await update(connection, { ...proposal, target })
  return earlier
}

/** Makes a proposal what it was before a decision of which nothing has come. */
async function reopen(
  connection: DuckDBConnection,
  { proposal: id, earlier }: Change,
): Promise<void> {
  if (id === null || earlier === null) return
  const proposal = await proposalOn(connection, id)
  if (proposal?.status !== 'accepted') return
  const { target: _, ...rest } = proposal
  await update(connection, { ...rest, ...earlier })
}

async function proposalOn(connection: DuckDBConnection, id: string): Promise<Proposal | undefined> {
  const query = 'SELECT document FROM proposal WHERE id = $1'
  const [proposal] = await documentsOn<Proposal>(connection, query, [id])
  return proposal
}

async function update(connection: DuckDBConnection, proposal: Proposal): Promise<void> {
  await connection.run('UPDATE proposal SET status = $2, document = $3 WHERE id = $1', [
    proposal.id,
    proposal.status,
    documentText(proposal),
  ])
}

/** What is decided later is later, whatever the clock says. */
async function timeOfNext(connection: DuckDBConnection): Promise<string> {
  const now = new Date().toISOString()
  const result = await connection.runAndReadAll('SELECT max(created_at) FROM deployment')
  const latest = result.getRowsJson()[0]?.[0]
  return typeof latest === 'string' && latest > now ? latest : now
}

async function deploymentsOf(
  connection: DuckDBConnection,
  { changes }: Decision,
): Promise<Deployment[]> {
  const found: Deployment[] = []
  for (const { deployment } of changes) {
    const query = 'SELECT document FROM deployment WHERE id = $1'
    found.push(...(await documentsOn<Deployment>(connection, query, [deployment])))
  }
  return found
}
