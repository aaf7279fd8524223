import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parameterVersion } from '@trace2/core'
import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Judged, writeVersions } from '../testing/versions.ts'
import { compareVersions, sharesName } from './compare.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const usual = parameterVersion('usual')
const rare = parameterVersion('rare')

/** 30 runs: most with the usual tone and its thumbs, the others with the rare one. */
const runs: readonly Judged[] = Array.from({ length: 30 }, (_, at) =>
  at % 3 === 2
    ? { value: 'rare', feedback: { stars: at % 2 === 0 ? 2 : 3, latency: 900 } }
    : { value: 'usual', feedback: { thumb: at % 6 === 0 ? 0 : 1, stars: 4, latency: 300 } },
)

describe('versions of a parameter', () => {
  it('stand side by side with counts, means and intervals per name, on the scale of each', async () => {
    await writeVersions(store, 'tone', runs)
    const comparison = await compareVersions(store, 'tone')
    expect(comparison.names.map(({ name }) => name)).toEqual(['stars', 'thumb', 'latency'])
    expect(comparison.versions).toMatchObject([
      {
        version: usual,
        value: 'usual',
        inForce: true,
        runs: 20,
        scores: [
          { name: 'stars', runs: 20, mean: 4, normalized: { mean: 0.75 } },
          { name: 'thumb', runs: 20, mean: 0.75 },
          { name: 'latency', runs: 20, mean: 300, normalized: { mean: 1 } },
        ],
      },
      {
        version: rare,
        inForce: false,
        runs: 10,
        scores: [
          { name: 'stars', runs: 10, mean: 2.5 },
          { name: 'latency', runs: 10, mean: 900, normalized: { mean: 0 } },
        ],
      },
    ])
    for (const { scores, firstRunAt, lastRunAt } of comparison.versions) {
      for (const { low, mean, high, normalized } of scores) {
        expect(low).toBeLessThan(high)
        expect(low).toBeLessThanOrEqual(mean)
        expect(high).toBeGreaterThanOrEqual(mean)
        expect(normalized.low).toBeGreaterThanOrEqual(0)
        expect(normalized.high).toBeLessThanOrEqual(1)
      }
      expect((firstRunAt ?? '') < (lastRunAt ?? '')).toBe(true)
    }
    expect(sharesName(comparison)).toBe(true)
    const chosen = await compareVersions(store, 'tone', { objective: 'thumb' })
    expect(chosen.names[0]?.name).toBe('thumb')
    await expect(compareVersions(store, 'tone', { objective: 'thumbs' })).rejects.toMatchObject({
      code: 'T2_OBJECTIVE',
    })
  })

  it('say so where they share no name', async () => {
    const apart: readonly Judged[] = [
      { value: 'usual', feedback: { thumb: 1 } },
      { value: 'rare', feedback: { stars: 4 } },
      { value: 'new', feedback: {} },
    ]
    await writeVersions(store, 'tone', apart)
    const comparison = await compareVersions(store, 'tone')
    expect(sharesName(comparison)).toBe(false)
    expect(comparison.versions.map(({ scores }) => scores.length)).toEqual([1, 1, 0])
  })

  it('count from a time on, and are there without runs too', async () => {
    await writeVersions(store, 'tone', runs)
    const { versions } = await compareVersions(store, 'tone')
    const since = versions[1]?.lastRunAt ?? ''
    const later = await compareVersions(store, 'tone', { since })
    expect(later.versions).toMatchObject([
      { version: usual, runs: 0, firstRunAt: null, scores: [] },
      { version: rare, runs: 1 },
    ])
  })

  it('are in force by the file with all of its variants, else by deployment, else by what most recent runs had', async () => {
    await writeVersions(store, 'tone', runs)
    const directory = mkdtempSync(join(tmpdir(), 'trace2-compare-'))
    const file = join(directory, 'parameters.json')
    const inForce = async () => {
      const { versions } = await compareVersions(store, 'tone', { file })
      return versions.filter((one) => one.inForce).map(({ value }) => value)
    }
    expect(await inForce()).toEqual(['usual'])
    const deployment = {
      parameter: 'tone',
      previousVersion: usual,
      proposal: null,
      target: 'elsewhere',
    }
    await store.addDeployment({ ...deployment, version: rare, action: 'accept' })
    expect(await inForce()).toEqual(['rare'])
    const variants = ['usual', 'rare'].map((value) => ({ value, weight: 1 }))
    writeFileSync(file, JSON.stringify({ trace2: 1, parameters: { tone: { variants } } }))
    expect(await inForce()).toEqual(['usual', 'rare'])
    writeFileSync(file, '{}')
    await expect(inForce()).rejects.toMatchObject({ code: 'T2_PARAMETERS_FILE' })
    rmSync(directory, { recursive: true })
  })

  it('are refused for a parameter that nobody used', async () => {
    await expect(compareVersions(store, `no"ne'`)).rejects.toMatchObject({
      code: 'T2_PARAMETER_UNKNOWN',
    })
  })
})
