import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewDecision } from '../../../decision.ts'
import { openStore } from '../../../open.ts'
import type { Proposal } from '../../../proposal.ts'
import type { Store } from '../../../store.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'

const directory = temporaryDirectory()
let store: Store
let files = 0
beforeEach(async () => {
  store = await openStore(join(directory, `store-${files++}.duckdb`))
  await store.addProposals([proposal('p-1', 'p'), proposal('p-2', 'p'), proposal('q-1', 'q')])
})
afterEach(() => store.close())

function proposal(id: string, parameter: string): Proposal {
  return {
    id,
    step: 's-1',
    parameter,
    baseVersion: 'v1',
    baseValue: 'old',
    version: 'v2',
    value: 'new',
    optimizer: 'optoprime',
    model: 'm',
    runs: [],
    feedback: [],
    reasoning: '',
    llmCalls: [],
    inputTokens: 1,
    outputTokens: 2,
    costUsd: null,
    status: 'open',
    note: 'looks like another',
    createdAt: '2026-01-01T00:00:00Z',
    decidedAt: null,
  }
}

function decision(id: string, part: Partial<NewDecision>, ...proposals: string[]): NewDecision {
  const changes = proposals.map((each) => ({
    parameter: each.slice(0, 1),
    version: 'v2',
    replaces: 'v1',
    previousVersion: 'v1',
    proposal: each,
    after: null,
  }))
  const about = { action: 'accept', target: '/a.json', machine: 'm', note: 'good' } as const
  return { id, ...about, changes, ...part }
}

describe('a decision', () => {
  it('is begun, closes its proposals, and leads to deployments once it is ended', async () => {
    const begun = await store.beginDecision(decision('d', {}, 'p-1', 'q-1'))
    expect(await store.beginDecision(decision('d', {}, 'p-1', 'q-1'))).toEqual(begun)
    expect(await store.unfinishedDecisions()).toEqual([begun])
    const accepted = { status: 'accepted', note: 'good', target: '/a.json' }
    expect(await store.proposal('p-1')).toMatchObject({ ...accepted, decidedAt: begun.begunAt })
    expect(await store.deployments()).toEqual([])
    const deployments = await store.endDecision('d', ['p'])
    expect(deployments).toMatchObject([{ parameter: 'p', version: 'v2', target: '/a.json' }])
    expect(await store.endDecision('d', ['p', 'q'])).toEqual(deployments)
    expect(await store.deployments()).toEqual(deployments)
    expect(await store.unfinishedDecisions()).toEqual([])
    expect(await store.proposal('p-1')).toMatchObject(accepted)
    expect(await store.proposal('q-1')).toEqual(proposal('q-1', 'q'))
    await expect(store.endDecision('none', [])).rejects.toMatchObject({
      code: 'T2_DECISION_UNKNOWN',
    })
  })

  it.each([
    ['its proposal is rejected', 'T2_PROPOSAL_CLOSED', decision('d', {}, 'q-1')],
    ['its proposal is in force', 'T2_PROPOSAL_CLOSED', decision('d', { target: '/b.json' }, 'p-1')],
    ['nobody knows its proposal', 'T2_PROPOSAL_UNKNOWN', decision('d', {}, 'q-9')],
    ['another was taken meanwhile', 'T2_DECISION_CONFLICT', decision('d', {}, 'p-2')],
  ])('is not taken where %s, and changes nothing then', async (_why, code, refused) => {
    await store.decideProposal('q-1', { status: 'rejected', note: '' })
    await store.beginDecision(decision('first', {}, 'p-1'))
    const [first] = await store.endDecision('first', ['p'])
    const before = await store.proposals()
    const known = code === 'T2_DECISION_CONFLICT' ? null : (first?.id ?? null)
    const changes = refused.changes.map((change) => ({
      ...change,
      after: change.parameter === 'p' ? known : null,
    }))
    await expect(store.beginDecision({ ...refused, changes })).rejects.toMatchObject({ code })
    expect(await store.proposals()).toEqual(before)
    expect(await store.unfinishedDecisions()).toEqual([])
  })

  it('is not taken while another about the parameter is not ended; nothing of it is', async () => {
    await store.beginDecision(decision('first', {}, 'p-1'))
    const both = store.beginDecision(decision('d', { target: '/b.json' }, 'q-1', 'p-2'))
    await expect(both).rejects.toMatchObject({
      code: 'T2_DECISION_UNFINISHED',
      message: expect.stringContaining('The acceptance of p-1 into /a.json'),
    })
    expect(await store.proposal('q-1')).toMatchObject({ status: 'open' })
    await expect(
      store.decideProposal('p-1', { status: 'rejected', note: '' }),
    ).rejects.toMatchObject({ code: 'T2_PROPOSAL_CLOSED' })
  })

  it('about what was rolled back leaves, where nothing comes of it, what was before', async () => {
    await store.beginDecision(decision('first', {}, 'p-1'))
    const [accepted] = await store.endDecision('first', ['p'])
    const again = decision('again', { target: '/b.json', note: 'once more' }, 'p-1')
    const knowing = (after: string | undefined) => ({
      ...again,
      changes: again.changes.map((change) => ({ ...change, after: after ?? null })),
    })
    const back = { ...knowing(accepted?.id), id: 'back', target: '/a.json' }
    await store.beginDecision({ ...back, action: 'rollback' })
    const [rolledBack] = await store.endDecision('back', ['p'])
    const before = await store.proposal('p-1')
    await store.beginDecision(knowing(rolledBack?.id))
    expect(await store.proposal('p-1')).toMatchObject({ target: '/b.json', note: 'good' })
    expect(await store.endDecision('again', [])).toEqual([])
    expect(await store.proposal('p-1')).toEqual(before)
  })

  it('that is ended later is later, whatever the clock says', async () => {
    const future = '2999-01-01T00:00:00.000Z'
    await store.beginDecision(decision('first', {}, 'p-1'))
    await store.endDecision('first', ['p'])
    const real = Date.prototype.toISOString
    try {
      Date.prototype.toISOString = () => future
      await store.beginDecision(decision('d', {}, 'q-1'))
      await store.endDecision('d', ['q'])
    } finally {
      Date.prototype.toISOString = real
    }
    const latest = (await store.deployments('p')).at(-1)?.id ?? null
    const changes = decision('x', {}, 'p-1').changes.map((one) => ({ ...one, after: latest }))
    await store.beginDecision({ ...decision('x', {}), action: 'rollback', changes })
    await store.endDecision('x', ['p'])
    const all = await store.deployments()
    expect(all.map(({ parameter }) => parameter)).toEqual(['p', 'q', 'p'])
    expect(all.at(-1)?.createdAt).toBe(future)
  })
})
