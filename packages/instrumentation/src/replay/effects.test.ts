import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { recordSpans } from '../testing/record.ts'
import { executed, record as recordRun, step } from '../testing/replays.ts'
import { type ReplayPolicies, replaying } from './index.ts'

const spans = recordSpans()
beforeEach(() => spans.reset())
afterAll(() => spans.stop())
const record = (agent: () => unknown) => recordRun(spans, agent)

describe('effects', () => {
  test('leave no trace in a replay, whatever the agent does about it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trace2-test-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    let files = 0
    const send = bundle(
      'send',
      async (text: string) => {
        writeFileSync(join(directory, `mail-${files++}`), text)
        return { sent: text }
      },
      { sideEffects: true },
    )
    const count = step('count', (text: string) => text.length)
    const agent = run('agent', async (text: string) => {
      try {
        await send(text)
      } catch {
        // The agent goes on as if nothing were wrong.
      }
      try {
        await send('hello')
      } catch {}
      setTimeout(() => void send('later').catch(() => undefined), 5)
      return count(text)
    })
    const { run: kept } = await record(() => agent('hello'))
    await new Promise((done) => setTimeout(done, 30))
    expect(readdirSync(directory)).toHaveLength(3)
    const { error, result, report } = await replaying(kept, {}, () => agent('another'))
    await new Promise((done) => setTimeout(done, 30))
    expect(readdirSync(directory)).toHaveLength(3)
    expect(result).toBeUndefined()
    expect(error).toMatchObject({ code: 'T2_REPLAY_DIVERGED' })
    expect(report.ended).toMatchObject({
      kind: 'diverged',
      op: 'send',
      inputs: { text: 'another' },
      nearest: {
        inputs: { text: 'hello' },
        difference: { pointer: '/text', recorded: '"hello"', now: '"another"' },
      },
    })
    expect(report.executed).toEqual({})
  })

  test('are refused deep in a recursion, and where nobody records', async () => {
    const send = step('send', () => 'sent', { step: 'tool' })
    const deepen = bundle('deepen', (levels: number): unknown =>
      levels === 0 ? send() : deepen(levels - 1),
    )
    const agent = run('agent', async () => deepen(200))
    const { error } = await replaying({ run: 'none', root: null, calls: [] }, {}, () => agent())
    expect(error).toMatchObject({ code: 'T2_REPLAY_DIVERGED' })
    expect(executed).toEqual([])
  })

  test('are not done by a run that is nothing but one', async () => {
    const send = step('send', (text: string) => `sent ${text}`, { sideEffects: true })
    const { run: kept } = await record(() => send('a'))
    expect((await replaying(kept, {}, () => send('a'))).result).toBe('sent a')
    expect((await replaying(kept, {}, () => send('b'))).error).toBeDefined()
    expect(executed).toEqual([])
  })

  test('are none where a tool says so', async () => {
    const find = step('find', (text: string) => text.length, { step: 'tool', sideEffects: false })
    const agent = run('agent', async (text: string) => find(text))
    const { run: kept } = await record(() => agent('a'))
    expect(kept.calls.map(({ hasEffects }) => hasEffects)).toEqual([false, false])
    expect((await replaying(kept, {}, () => agent('abc'))).result).toBe(3)
  })

  test.each<[string, ReplayPolicies, unknown, string[]]>([
    ['live has it run again', { find: 'live' }, 'found x', ['find']],
    ['recorded never has it run', { find: 'recorded' }, 'found x', []],
    ['a stub answers', { find: { stub: { a: 'stub' } } }, { a: 'stub' }, []],
    ['live does not make effects', { send: 'live' }, 'found x', []],
  ])('and other calls have a policy: %s', async (_name, policies, expected, ran) => {
    const find = step('find', async (text: string) => `found ${text}`)
    const send = step('send', async (text: string) => text, { sideEffects: true })
    const agent = run('agent', async (text: string) => {
      await send('a')
      return find(text)
    })
    const { run: kept } = await record(() => agent('x'))
    const { result } = await replaying(kept, policies, () => agent('x'))
    expect(result).toEqual(expected)
    expect(executed).toEqual(ran)
    const missed = await replaying(kept, { find: 'recorded' }, () => agent('y'))
    expect(missed.report.ended).toMatchObject({ kind: 'diverged', op: 'find' })
  })
})
