import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parameterVersion } from '@trace2/core'
import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectNothingBeside, expectSound, propose } from '../testing/decisions.ts'
import type { Outcome } from './carry-out.ts'
import { accept, reject, rollback } from './decide.ts'
import { readParametersFile } from './parameters-file.ts'
import { interruptedDecisions } from './unfinished.ts'

let store: Store
let directory: string
let file: string
beforeEach(async () => {
  store = await openStore(':memory:')
  directory = await realpath(await mkdtemp(join(tmpdir(), 'trace2-')))
  file = join(directory, 'p.json')
})
afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true })
})

const changing = ['addParameterVersion', 'beginDecision', 'endDecision', 'decideProposal'] as const

/** A store of which the n-th call that changes something fails, and all later ones: as where a command is killed. */
function failing(
  nth: number,
  when: 'before' | 'after',
): Store & { readonly calls: () => string[] } {
  const calls: string[] = []
  return new Proxy(store, {
    get(target, property) {
      if (property === 'calls') return () => calls
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      const isChange = changing.some((name) => name === property)
      return async (...args: unknown[]) => {
        if (!isChange) {
          if (calls.length >= nth) throw new Error('gone')
          return Reflect.apply(method, target, args)
        }
        calls.push(String(property))
        if (calls.length > nth || (calls.length === nth && when === 'before')) {
          throw new Error('gone')
        }
        const result: unknown = await Reflect.apply(method, target, args)
        if (calls.length === nth) throw new Error('lost')
        return result
      }
    },
  }) as Store & { readonly calls: () => string[] }
}

type Act = (on: Store, name: string) => Promise<unknown>
const acts: Record<string, Act> = {
  accept: (on, name) => accept(on, [`p-${name}-after`], { file }),
  reject: (on, name) => reject(on, `p-${name}-after`, 'no'),
  rollback: (on, name) => rollback(on, name, { file }),
}
const next = Object.entries(acts)

describe('a decision whose store fails', () => {
  it.each(Object.keys(acts).flatMap((name) => next.map(([other]) => [name, other] as const)))(
    '%s: at whatever call, is put right by %s',
    async (name, other) => {
      let at = 0
      for (let nth = 1, isOver = false; !isOver; nth++) {
        for (const when of ['before', 'after'] as const) {
          const parameter = `text.${at++}`
          await propose(store, parameter)
          if (name === 'rollback') await acts.accept?.(store, parameter)
          const dying = failing(nth, when)
          isOver =
            (await acts[name]?.(dying, parameter).then(
              () => true,
              () => false,
            )) ?? true
          const calls = dying.calls()
          if (isOver) expect(calls.length).toBeLessThan(nth)
          await acts[other]?.(store, parameter).catch(({ code }) => {
            expect(code).toMatch(/^T2_(PROPOSAL_CLOSED|PROPOSAL_CONFLICT|NOTHING_TO_ROLL_BACK)$/)
          })
          await expectSound(store, parameter, [file])
          // A rejection asks for no file; who does next takes away what was left beside it.
          if (other === 'reject') {
            await propose(store, `${parameter}.other`)
            await acts.accept?.(store, `${parameter}.other`)
          }
          await expectNothingBeside(file)
        }
      }
      expect(at).toBeGreaterThan(2)
    },
  )

  it('that was taken is carried out by whoever comes next, and said', async () => {
    await propose(store, 'a')
    await expect(accept(failing(2, 'after'), ['p-a-after'], { file })).rejects.toThrow('lost')
    expect(await store.proposal('p-a-after')).toMatchObject({ status: 'accepted', target: file })
    expect(await store.deployments()).toEqual([])
    expect(await interruptedDecisions(store)).toHaveLength(1)
    await propose(store, 'b')
    const told: Outcome[] = []
    await reject(store, 'p-b-after', '', { onFinished: (outcome) => told.push(outcome) })
    expect(told).toMatchObject([{ deployments: [{ parameter: 'a', target: file }], withdrawn: [] }])
    await expectSound(store, 'a', [file])
    expect(await store.deployments('a')).toHaveLength(1)
  })

  it('is finished by the same command again, which goes no further', async () => {
    await propose(store, 'a', ['after'])
    await accept(store, ['p-a-after'], { file })
    await propose(store, 'a', ['later'], 'after')
    await accept(store, ['p-a-later'], { file })
    await expect(rollback(failing(2, 'before'), 'a', { file })).rejects.toMatchObject({
      code: 'T2_DECISION_UNFINISHED',
    })
    expect(await rollback(store, 'a', { file })).toMatchObject({
      version: parameterVersion('after'),
    })
    await expectSound(store, 'a', [file])
  })

  it('is taken back where somebody has written something else meanwhile', async () => {
    await propose(store, 'a')
    await expect(accept(failing(2, 'after'), ['p-a-after'], { file })).rejects.toThrow('lost')
    const mine = '{"trace2":1,"parameters":{"a":{"value":"mine"}}}'
    await writeFile(file, mine)
    await reject(store, 'p-a-after', 'no')
    expect(await readFile(file, 'utf8')).toBe(mine)
    expect(await store.deployments()).toEqual([])
    expect(await store.proposal('p-a-after')).toMatchObject({ status: 'rejected', note: 'no' })
  })

  it('waits where nobody can tell what the file gives', async () => {
    await propose(store, 'a')
    await expect(accept(failing(2, 'after'), ['p-a-after'], { file })).rejects.toThrow('lost')
    await writeFile(file, '{\n<<<<<<< HEAD\n')
    await expect(reject(store, 'p-a-after')).rejects.toMatchObject({
      code: 'T2_DECISION_UNFINISHED',
    })
    await expect(accept(store, ['p-a-after'], { file })).rejects.toMatchObject({
      code: 'T2_PARAMETERS_FILE',
    })
    await rm(file)
    await accept(store, ['p-a-after'], { file })
    await expectSound(store, 'a', [file])
  })

  it('of another machine is left to it, unless the same path is named here', async () => {
    await propose(store, 'a')
    const change = {
      parameter: 'a',
      version: parameterVersion('after'),
      replaces: null,
      previousVersion: null,
      proposal: 'p-a-after',
      after: null,
    }
    const decision = {
      id: 'd',
      action: 'accept' as const,
      target: file,
      machine: 'elsewhere',
      note: '',
      changes: [change],
    }
    await store.beginDecision(decision)
    await expect(reject(store, 'p-a-after')).rejects.toMatchObject({
      code: 'T2_DECISION_UNFINISHED',
      message: expect.stringContaining('elsewhere'),
    })
    await accept(store, ['p-a-after'], { file })
    await expectSound(store, 'a', [file])
    // What is begun or ended twice is so once.
    expect(await store.beginDecision(decision)).toMatchObject({ state: 'ended' })
    expect(await store.endDecision('d', ['a'])).toEqual([])
  })

  it('that no command here has taken makes none write, whatever the store says', async () => {
    const [a = '', b = ''] = [join(directory, 'a.json'), file]
    await writeFile(a, '{"trace2":1,"parameters":{"a":{"value":"before"}}}')
    await propose(store, 'a')
    await propose(store, 'b')
    for (const [id, parameter, target] of [
      ['d-1', 'a', a],
      ['d-2', 'b', b],
    ] as const) {
      const change = {
        parameter,
        version: parameterVersion('after'),
        replaces: parameter === 'a' ? parameterVersion('before') : null,
        previousVersion: null,
        proposal: `p-${parameter}-after`,
        after: null,
      }
      const about = { id, action: 'accept' as const, note: '', changes: [change] }
      await store.beginDecision({ ...about, target, machine: hostname() })
    }
    await propose(store, 'c')
    await accept(store, ['p-c-after'], { file })
    expect(await readFile(a, 'utf8')).toContain('"before"')
    expect((await readParametersFile(file)).has('b')).toBe(false)
    expect((await store.proposals({ status: 'open' })).map(({ id }) => id).sort()).toEqual([
      'p-a-after',
      'p-b-after',
    ])
    expect(await store.unfinishedDecisions()).toEqual([])
  })
})

describe('a file that cannot be written once the decision is taken', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['has another name', () => link(file, join(directory, 'hard.json')), '2 names (hard links)'],
    [
      'was changed by an editor',
      () => writeFile(file, '{"trace2":1,"parameters":{"x":{"value":1}}}'),
      'another program has changed it meanwhile',
    ],
    ['became a folder', () => rm(file).then(() => mkdir(file)), 'cannot be written'],
  ])('since it %s leaves the proposal open, and the file as it is', async (_what, harm, why) => {
    await propose(store, 'a')
    await writeFile(file, '{"trace2":1,"parameters":{}}')
    const harmed = new Proxy(store, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property)
        if (property !== 'beginDecision' || typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const begun: unknown = await Reflect.apply(method, target, args)
          await harm()
          return begun
        }
      },
    })
    await expect(accept(harmed, ['p-a-after'], { file })).rejects.toMatchObject({
      code: 'T2_PARAMETERS_UNWRITABLE',
      message: expect.stringContaining(why),
    })
    expect(await store.proposal('p-a-after')).toMatchObject({
      status: 'open',
      note: 'as proposed',
      decidedAt: null,
    })
    expect(await store.unfinishedDecisions()).toEqual([])
    expect(await store.deployments()).toEqual([])
    expect((await readdir(directory)).filter((name) => /lock|tmp/.test(name))).toEqual([])
  })
})

describe('decisions at the same time', () => {
  const rounds = 10
  const pairs: Record<string, readonly [Act, Act]> = {
    'the same proposal, twice': [
      (on, name) => accept(on, [`p-${name}-after`], { file }),
      (on, name) => accept(on, [`p-${name}-after`], { file }),
    ],
    'the same proposal, into two files': [
      (on, name) => accept(on, [`p-${name}-after`], { file }),
      (on, name) => accept(on, [`p-${name}-after`], { file: `${directory}/other.json` }),
    ],
    'two proposals for one parameter': [
      (on, name) => accept(on, [`p-${name}-after`], { file }),
      (on, name) => accept(on, [`p-${name}-rather`], { file }),
    ],
    'two proposals for one parameter, into two files': [
      (on, name) => accept(on, [`p-${name}-after`], { file }),
      (on, name) => accept(on, [`p-${name}-rather`], { file: `${directory}/other.json` }),
    ],
    'an acceptance and a rejection': [
      (on, name) => accept(on, [`p-${name}-after`], { file }),
      (on, name) => reject(on, `p-${name}-after`),
    ],
  }
  it.each(Object.entries(pairs))('%s: one wins', async (_what, [one, other]) => {
    for (let round = 0; round < rounds; round++) {
      const name = `text.${round}`
      await propose(store, name, ['after', 'rather'])
      const order = round % 2 === 0 ? [one, other] : [other, one]
      const ended = await Promise.allSettled(order.map((act) => act(store, name)))
      expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const lost = ended.find(({ status }) => status === 'rejected')
      expect(lost).toMatchObject({
        reason: { code: expect.stringMatching(/^T2_PROPOSAL_(CLOSED|CONFLICT)$/) },
      })
      await expectSound(store, name, [file, join(directory, 'other.json')])
      await expectNothingBeside(file)
    }
  })

  it('an acceptance and a rollback: one comes after the other', async () => {
    for (let round = 0; round < rounds; round++) {
      const name = `text.${round}`
      await propose(store, name, ['after'])
      await accept(store, [`p-${name}-after`], { file })
      await propose(store, name, ['later'], 'after')
      const acts: Act[] = [
        (on, of) => accept(on, [`p-${of}-later`], { file }),
        (on, of) => rollback(on, of, { file }),
      ]
      const order = round % 2 === 0 ? acts : acts.toReversed()
      await Promise.allSettled(order.map((act) => act(store, name)))
      await expectSound(store, name, [file])
    }
  })

  it('two rollbacks: each goes back one, or says that there is nothing', async () => {
    for (let round = 0; round < rounds; round++) {
      const name = `text.${round}`
      await propose(store, name, ['after'])
      await accept(store, [`p-${name}-after`], { file })
      const ended = await Promise.allSettled([0, 1].map(() => rollback(store, name, { file })))
      expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await store.deployments(name)).map(({ action }) => action)).toEqual([
        'accept',
        'rollback',
      ])
      await expectSound(store, name, [file])
    }
  })
})

describe('the same file by another spelling', () => {
  it('is the same file: a decision keeps where a path leads', async () => {
    await propose(store, 'a')
    await symlink('p.json', join(directory, 'chain.json'))
    await symlink('chain.json', join(directory, 'link.json'))
    await symlink('.', join(directory, 'here'))
    const [deployment] = await accept(store, ['p-a-after'], { file: `${directory}/link.json` })
    expect(deployment?.target).toBe(file)
    const again = accept(store, ['p-a-after'], { file: `${directory}/here/../p.json` })
    await expect(again).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CLOSED',
      message: expect.stringContaining(file),
    })
    await rollback(store, 'a', { file: `${directory}/here/./p.json` })
    await expectSound(store, 'a', [file])
  })
})
