import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCollector } from '@trace2/collector'
import { parameterVersion } from '@trace2/core'
import type { Proposal } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

function proposalFor(parameter: string): Proposal {
  return {
    id: `p-${parameter}`,
    step: 's-1',
    parameter,
    baseVersion: parameterVersion('before'),
    baseValue: 'before',
    version: parameterVersion('after'),
    value: 'after',
    optimizer: 'optoprime',
    model: 'm',
    runs: [],
    feedback: [],
    reasoning: '',
    llmCalls: [],
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    status: 'open',
    note: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    decidedAt: null,
  }
}

test('commands that accept at the same time lose nothing', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory()
  const collector = await startCollector({ db: join(cwd, 'trace2.duckdb'), port: 0 })
  onTestFinished(() => collector.close())
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => `text.${letter}`)
  for (const name of names) {
    const declared = { name, value: 'before', description: '', schema: null, trainable: true }
    await collector.store.addParameterVersion(declared)
  }
  await collector.store.addProposals(names.map(proposalFor))
  const finished = await Promise.all(
    names.map((name) => command(['accept', `p-${name}`, '--db', collector.url], { cwd })),
  )
  expect(finished.map(({ code, err }) => [code, err])).toEqual(
    names.map(() => [0, expect.any(String)]),
  )
  const { parameters } = JSON.parse(readFileSync(join(cwd, 'trace2.parameters.json'), 'utf8'))
  expect(Object.keys(parameters)).toEqual(names)
  expect(await collector.store.deployments()).toHaveLength(names.length)
})

test('a value that is marked needs a word, one that is empty is refused', {
  timeout: 60_000,
}, async () => {
  const cwd = temporaryDirectory()
  const collector = await startCollector({ db: join(cwd, 'trace2.duckdb'), port: 0 })
  onTestFinished(() => collector.close())
  const name = 'text.marked'
  const declared = { name, value: 'before', description: '', schema: null, trainable: true }
  await collector.store.addParameterVersion(declared)
  const marks = [{ kind: 'language', detail: 'It changes from English to Thai \u001b[31m script.' }]
  const value = ' \n'
  await collector.store.addProposals([
    { ...proposalFor(name), marks },
    { ...proposalFor(name), id: 'p-empty', value, version: parameterVersion(value) },
  ])
  const trace2 = (...args: string[]) => command([...args, '--db', collector.url], { cwd })

  const shown = await trace2('show', `p-${name}`)
  expect(shown.out).toContain('marked     It changes from English to Thai \\u001b[31m script.')
  expect((await trace2('proposals')).out).toContain('open, marked')
  expect(JSON.parse((await trace2('proposals', '--json')).out)).toContainEqual(
    expect.objectContaining({ marks }),
  )

  const refused = await trace2('accept', `p-${name}`)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('error T2_PROPOSAL_MARKED')
  expect(refused.err).toContain('--marked')
  expect((await trace2('accept', 'p-empty', '--marked')).err).toContain('error T2_VALUE_EMPTY')
  expect(await collector.store.deployments()).toEqual([])
  expect((await trace2('accept', `p-${name}`, '--marked')).code).toBe(0)
  expect(await collector.store.deployments()).toHaveLength(1)
})

test('what a reader does not see is shown, and stops an acceptance', {
  timeout: 60_000,
}, async () => {
  const cwd = temporaryDirectory()
  const collector = await startCollector({ db: join(cwd, 'trace2.duckdb'), port: 0 })
  onTestFinished(() => collector.close())
  const name = 'text.hidden'
  const declared = { name, value: 'before', description: '', schema: null, trainable: true }
  await collector.store.addParameterVersion(declared)
  const value = 'bef\u043ere\u200b'
  await collector.store.addProposals([
    { ...proposalFor(name), value, version: parameterVersion(value) },
  ])
  const trace2 = (...args: string[]) => command([...args, '--db', collector.url], { cwd })

  const shown = await trace2('show', `p-${name}`)
  expect(shown.out).toContain('- before\n+ bef\\u043ere\\u200b\n')
  expect(shown.out).toMatch(/hidden +adds U\+043E, which looks like "o" \(line 1, column 4\)/)
  expect((await trace2('proposals')).out).toContain('open, marked')

  const refused = await trace2('accept', `p-${name}`, '--marked')
  expect(refused.code).toBe(1)
  expect(refused.err.replace(/\s+/g, ' ')).toContain('U+200B ZERO WIDTH SPACE (line 1, column 7)')
  expect(refused.err).toContain('--allow-invisible')
  expect(await collector.store.deployments()).toEqual([])
  expect((await trace2('accept', `p-${name}`, '--allow-invisible')).code).toBe(0)
  expect((await collector.store.proposal(`p-${name}`)).note).toContain('--allow-invisible')
})
