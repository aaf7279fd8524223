import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parameterVersion } from '@trace2/core'
import { openStore, type Proposal } from '@trace2/store'
import { command, type Finished, temporaryDirectory } from './command.ts'
import { spansOf } from './record-spans.ts'
import { agent } from './refund-agent.ts'

/** The module of the refund agent. */
export const refundAgentFile = fileURLToPath(new URL('refund-agent.ts', import.meta.url))

/** A database with runs of the refund agent and a proposal for its limit. */
export async function refundWorkplace({ runs = 40, value = 80 } = {}) {
  const cwd = temporaryDirectory()
  const log = join(cwd, 'effects.log')
  const trace2 = (...args: string[]): Promise<Finished> =>
    command(args, { cwd, env: { COLUMNS: '80', REFUND_LOG: log } })
  const spans = await spansOf(async () => {
    for (let at = 0; at < runs; at++) await agent({ id: `o-${at}`, amount: (at * 37) % 120 })
  })
  writeFileSync(join(cwd, 'runs.binpb'), spans)
  await trace2('import', 'runs.binpb')
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  await store.addProposals([proposal(value)])
  await store.close()
  return { cwd, trace2, log }
}

function proposal(value: number): Proposal {
  return {
    id: 'p-0001',
    step: 's-1',
    parameter: 'refunds.limit',
    baseVersion: parameterVersion(50),
    baseValue: 50,
    version: parameterVersion(value),
    value,
    optimizer: 'optoprime',
    model: 'none',
    runs: [],
    feedback: [],
    reasoning: '',
    llmCalls: [],
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    status: 'open',
    note: '',
    createdAt: new Date().toISOString(),
    decidedAt: null,
  }
}
