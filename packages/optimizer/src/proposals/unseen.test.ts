import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Proposal, type Store } from '@trace2/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposalOf } from '../testing/decisions.ts'
import { accept } from './decide.ts'
import { proposalUnseen } from './unseen.ts'

const base = 'Hi there, be brief.\nNever\u00a0lie.'
let directory: string
let store: Store
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-unseen-'))
  store = await openStore(':memory:')
})
afterAll(async () => {
  await store.close()
  await rm(directory, { recursive: true })
})

async function proposed(parameter: string, value: string, baseValue = base): Promise<Proposal> {
  const known = { description: '', schema: null, trainable: true }
  await store.addParameterVersion({ name: parameter, value: base, ...known })
  const id = `p-${parameter}`
  const proposal = { ...proposalOf(parameter, value, base), id, baseValue, note: '' }
  await store.addProposals([proposal])
  return proposal
}

const hidden = {
  selectors: `${base}\u{E0131}\u{E0132}`,
  filler: `${base}\u3164`,
  joiner: `${base}\u034f`,
  braille: `${base}\u2800`,
  letter: base.replace('Hi', 'H\u0456'),
  blank: base.replace(' ', '\u00a0'),
  trailing: `${base}   `,
  bidi: `${base}\u202eevil\u202c`,
  escape: `${base}\u001b[8mhidden`,
  private: `${base}\ue000`,
}

test.each(Object.entries(hidden))(
  'what is not seen is not put in force: %s',
  async (name, value) => {
    const file = join(directory, `${name}.json`)
    const { id } = await proposed(name, value)
    await expect(accept(store, [id], { file, marked: true })).rejects.toMatchObject({
      code: 'T2_VALUE_UNSEEN',
      message: expect.stringMatching(/U\+[0-9A-F]{4,6}.*\(line \d+, column \d+\)/),
    })
    expect(await store.deployments(name)).toEqual([])
    await accept(store, [id], { file, allowInvisible: true, note: 'wanted' })
    expect(await store.deployments(name)).toHaveLength(1)
    expect((await store.proposal(id)).note).toMatch(/^wanted Accepted with --allow-invisible: U\+/)
  },
)

test('what the present value has may stay, and other changes need no option', async () => {
  const file = join(directory, 'usual.json')
  const { id } = await proposed('usual', `${base.replace('brief', 'very brief')}\nПривет 👩‍🚀`)
  await accept(store, [id], { file, note: 'good' })
  expect((await store.proposal(id)).note).toBe('good')
})

test('a proposal cannot claim that the present value has it', async () => {
  const value = `${base}\u200b`
  const { id } = await proposed('claimed', value, value)
  expect(proposalUnseen(await store.proposal(id)).length).toBeGreaterThan(0)
  await expect(
    accept(store, [id], { file: join(directory, 'claimed.json') }),
  ).rejects.toMatchObject({
    code: 'T2_VALUE_UNSEEN',
  })
})
