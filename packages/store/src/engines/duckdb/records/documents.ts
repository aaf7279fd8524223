import { randomUUID } from 'node:crypto'
import { raise } from '../../../errors.ts'
import type {
  Deployment,
  LlmCall,
  NewDeployment,
  Proposal,
  ProposalStatus,
} from '../../../proposal.ts'
import { proposalClosed } from '../../../proposal-closed.ts'
import type { Database } from '../database.ts'
import { deploymentTable, insertRows, llmCallTable, proposalTable } from '../tables/index.ts'
import { documentById, documents, documentText } from './document-rows.ts'

export async function addProposals(
  database: Database,
  proposals: readonly Proposal[],
): Promise<void> {
  await database.write(async (connection) => {
    for (const proposal of proposals) {
      // Ids are made from content: proposing the same again changes nothing, and reopens nothing.
      await insertRows(connection, proposalTable, [proposal], 'OR IGNORE')
    }
  })
}

export function readProposals(
  database: Database,
  filter: { readonly status?: ProposalStatus; readonly parameter?: string } = {},
): Promise<Proposal[]> {
  return documents(
    database,
    `SELECT document FROM proposal
     WHERE coalesce(status = $1, true) AND coalesce(parameter = $2, true)
     ORDER BY created_at DESC, id`,
    [filter.status ?? null, filter.parameter ?? null],
  )
}

export function readProposal(database: Database, id: string): Promise<Proposal> {
  return documentById(database, 'proposal', id, (sentence) =>
    raise('T2_PROPOSAL_UNKNOWN', sentence),
  )
}

export async function decideProposal(
  database: Database,
  id: string,
  decision: { readonly status: 'accepted' | 'rejected'; readonly note: string },
): Promise<Proposal> {
  const proposal = await readProposal(database, id)
  const decided: Proposal = { ...proposal, ...decision, decidedAt: new Date().toISOString() }
  const changed = await database.write(async (connection) => {
    const result = await connection.run(
      "UPDATE proposal SET status = $2, document = $3 WHERE id = $1 AND status = 'open'",
      [proposal.id, decision.status, documentText(decided)],
    )
    return result.rowsChanged
  })
  if (changed === 0) throw proposalClosed(await readProposal(database, proposal.id))
  return decided
}

export async function addDeployment(database: Database, added: NewDeployment): Promise<Deployment> {
  const deployment = { ...added, id: randomUUID(), createdAt: new Date().toISOString() }
  await database.write((connection) => insertRows(connection, deploymentTable, [deployment]))
  return deployment
}

export function readDeployments(database: Database, parameter?: string): Promise<Deployment[]> {
  return documents(
    database,
    'SELECT document FROM deployment WHERE coalesce(parameter = $1, true) ORDER BY created_at, rowid',
    [parameter ?? null],
  )
}

export async function putLlmCall(database: Database, call: LlmCall): Promise<void> {
  await database.write((connection) => insertRows(connection, llmCallTable, [call], 'OR REPLACE'))
}

export async function findLlmCall(database: Database, key: string): Promise<LlmCall | undefined> {
  const [call] = await documents<LlmCall>(
    database,
    "SELECT document FROM llm_call WHERE key = $1 AND status = 'done' ORDER BY started_at DESC LIMIT 1",
    [key],
  )
  return call
}

export async function readLlmCalls(database: Database, ids: readonly string[]): Promise<LlmCall[]> {
  const calls: LlmCall[] = []
  for (const id of ids) {
    const found = await documents<LlmCall>(
      database,
      'SELECT document FROM llm_call WHERE id = $1',
      [id],
    )
    calls.push(...found)
  }
  return calls
}
