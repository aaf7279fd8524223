import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { LlmCall, Proposal } from '../../../proposal.ts'
import type { Store } from '../../../store.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'

const directory = temporaryDirectory()
let store: Store
let file: string
let files = 0

beforeEach(async () => {
  file = join(directory, `store-${files++}.duckdb`)
  store = await openStore(file)
})
afterEach(() => store.close())

const proposal: Proposal = {
  id: 'p-00000001',
  step: 's-1',
  parameter: 'p',
  baseVersion: 'v1',
  baseValue: 'old',
  version: 'v2',
  value: { a: 1 },
  optimizer: 'optoprime',
  model: 'm',
  runs: ['a'],
  feedback: [],
  reasoning: '',
  llmCalls: ['c'],
  inputTokens: 1,
  outputTokens: 2,
  costUsd: null,
  status: 'open',
  note: '',
  createdAt: '2026-01-01T00:00:00Z',
  decidedAt: null,
}

describe('proposals, deployments and model calls', () => {
  it('are decided once', async () => {
    await store.addProposals([proposal, { ...proposal, id: 'p-00000002', parameter: 'q' }])
    await store.addProposals([proposal])
    expect(await store.proposals({ parameter: 'p' })).toEqual([proposal])
    const decided = await store.decideProposal('p-00000001', { status: 'accepted', note: 'good' })
    expect(await store.proposals({ status: 'accepted' })).toEqual([decided])
    await expect(
      store.decideProposal('p-00000001', { status: 'rejected', note: '' }),
    ).rejects.toMatchObject({ code: 'T2_PROPOSAL_CLOSED' })
    await expect(store.proposal('p-0')).rejects.toMatchObject({ code: 'T2_PROPOSAL_UNKNOWN' })
    expect(await store.proposal('p-00000002')).toMatchObject({ parameter: 'q' })
  })

  it('come back as they were put', async () => {
    const deployment = await store.addDeployment({
      parameter: 'p',
      version: 'v2',
      previousVersion: null,
      proposal: null,
      action: 'accept',
      target: 'trace2.parameters.json',
    })
    expect(await store.deployments('p')).toEqual([deployment])
    expect(await store.deployments('q')).toEqual([])
    const call: LlmCall = {
      id: 'c',
      key: 'k',
      purpose: 'step',
      model: 'm',
      request: { a: [1] },
      response: null,
      status: 'started',
      error: null,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: null,
      startedAt: '2026-01-01T00:00:00Z',
      endedAt: null,
    }
    await store.putLlmCall(call)
    expect(await store.findLlmCall('k')).toBeUndefined()
    await store.putLlmCall({ ...call, status: 'done', response: 'yes' })
    expect(await store.findLlmCall('k')).toMatchObject({ response: 'yes' })
    expect(await store.llmCalls(['c', 'none'])).toHaveLength(1)
  })
})
