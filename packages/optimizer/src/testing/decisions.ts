import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { parameterVersion } from '@trace2/core'
import type { Proposal, Store } from '@trace2/store'
import { expect } from 'vitest'
import { readParametersFile } from '../proposals/parameters-file.ts'

/** The value that every parameter of these tests has in the code. */
const before = 'before'

/** Declares a parameter, and stores open proposals of other values for it. */
export async function propose(
  store: Store,
  parameter: string,
  values: readonly string[] = ['after'],
  base = before,
): Promise<readonly string[]> {
  const declared = { name: parameter, description: '', schema: null, trainable: true }
  await store.addParameterVersion({ ...declared, value: before })
  const proposals = values.map((value) => proposalOf(parameter, value, base))
  await store.addProposals(proposals)
  return proposals.map(({ id }) => id)
}

/** An open proposal of a text for a parameter that has another one. */
export function proposalOf(parameter: string, value: string, base: string): Proposal {
  return {
    id: `p-${parameter}-${value}`,
    step: 's-1',
    parameter,
    baseVersion: parameterVersion(base),
    baseValue: base,
    version: parameterVersion(value),
    value,
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
    note: 'as proposed',
    createdAt: '2026-01-01T00:00:00.000Z',
    decidedAt: null,
  }
}

/** Checks that no command has left a lock or half a file: who locks a file next takes them away. */
export async function expectNothingBeside(file: string): Promise<void> {
  const name = basename(file)
  const beside = (await readdir(dirname(file))).filter((other) => other.startsWith(name))
  expect(beside.filter((other) => other !== name)).toEqual([])
}

/**
 * Checks what holds of a parameter whatever has happened, once the command after it has ended: nothing is unfinished, the files
 * give what was deployed there last, a proposal is in force at most once, and only if it is accepted.
 */
export async function expectSound(
  store: Store,
  parameter: string,
  files: readonly string[],
): Promise<void> {
  expect(await store.unfinishedDecisions()).toEqual([])
  const deployments = await store.deployments(parameter)
  expect(new Set(deployments.map(({ id }) => id)).size).toBe(deployments.length)
  for (const file of files) {
    const here = deployments.filter(({ target }) => target === file)
    const given = (await readParametersFile(file)).get(parameter)?.version ?? null
    expect(given).toBe(here.at(-1)?.version ?? null)
  }
  for (const { id, status, target, note } of await store.proposals({ parameter })) {
    const own = deployments.filter(({ proposal }) => proposal === id)
    const inForce = own.reduce((sum, { action }) => sum + (action === 'accept' ? 1 : -1), 0)
    expect([0, 1]).toContain(inForce)
    expect(own.length > 0).toBe(status === 'accepted')
    expect(target).toBe(own.findLast(({ action }) => action === 'accept')?.target)
    if (status === 'open') expect(note).toBe('as proposed')
  }
}
