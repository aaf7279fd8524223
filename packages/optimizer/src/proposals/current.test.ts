import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { parameterVersion } from '@trace2/core'
import { bundle, type Parameter, parameter } from '@trace2/instrumentation'
import type { NewDeployment } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Recording, startRecording } from '../live/recording.ts'
import { currentParameters } from './current.ts'

let recording: Recording
let tone: Parameter<string>
beforeEach(async () => {
  recording = await startRecording()
  tone = parameter(`tone-${randomUUID().slice(0, 8)}`, 'in the code')
})
afterEach(() => recording.store.close())

const say = bundle('say', (text: string) => `I say ${text}`)

/** One run per value, in this order. */
async function traffic(values: readonly string[]) {
  for (const [at, value] of values.entries()) {
    // Clocks count in milliseconds: what comes later begins later.
    if (at > 0 && values[at - 1] !== value) await setTimeout(3)
    tone.update(value)
    say.node(tone)
  }
  await recording.flush()
}

async function current(bases: readonly string[] = []) {
  const found = (await currentParameters(recording.store, undefined, bases)).get(tone.name)
  return { value: found?.value, source: found?.base?.source, runs: found?.base?.runs }
}

const deployed = (value: string | null, target = 'elsewhere.json'): NewDeployment => ({
  parameter: tone.name,
  version: value === null ? null : parameterVersion(value),
  previousVersion: null,
  proposal: null,
  action: value === null ? 'rollback' : 'accept',
  target,
})

const times = (count: number, value: string) => Array<string>(count).fill(value)

describe('what is in force', () => {
  it.each([
    ['the version of most runs, not of the last', [...times(9, 'usual'), 'rare'], 'usual', 10],
    [
      'also where two take turns',
      ['rare', 'usual', 'usual', 'rare', 'usual', 'usual', 'rare'],
      'usual',
      7,
    ],
    ['the latest of two that as many had', ['old', 'old', 'new', 'new'], 'new', 4],
    ['that of the 20 latest runs', [...times(30, 'old'), ...times(11, 'new')], 'new', 20],
    ['the old one until most have another', [...times(30, 'old'), ...times(9, 'new')], 'old', 20],
  ])('is %s', async (_what, values, expected, runs) => {
    await traffic(values)
    expect(await current()).toEqual({ value: expected, source: 'traffic', runs })
  })

  it('is what was accepted last, whatever the traffic', async () => {
    await traffic(['usual', 'usual', 'accepted'])
    await recording.store.addDeployment(deployed('usual'))
    await recording.store.addDeployment(deployed('accepted'))
    expect(await current()).toEqual({ value: 'accepted', source: 'deployment', runs: 0 })
  })

  it('is asked of the traffic where the last acceptance was taken back, or its value is not known', async () => {
    await traffic(['usual'])
    await recording.store.addDeployment(deployed('usual'))
    await recording.store.addDeployment(deployed(null))
    expect(await current()).toMatchObject({ source: 'traffic' })
    await recording.store.addDeployment(deployed('never seen'))
    expect(await current()).toMatchObject({ source: 'traffic' })
  })

  it.each([
    ['as most of the others do', [...times(11, 'in the code'), ...times(9, 'tried')]],
    [
      'where most runs had what was rolled back',
      [...times(9, 'in the code'), ...times(11, 'tried')],
    ],
    ['where all recent runs had it', ['in the code', ...times(20, 'tried')]],
  ])('is the value in the code after a rollback to it, %s', async (_what, values) => {
    await traffic(values)
    await recording.store.addDeployment(deployed('tried', '/none/p.json'))
    await setTimeout(3)
    await recording.store.addDeployment({
      ...deployed(null, '/none/p.json'),
      previousVersion: parameterVersion('tried'),
    })
    for (const file of [undefined, '/none/p.json']) {
      const found = (await currentParameters(recording.store, file)).get(tone.name)
      expect(found?.base?.arms.map(({ value }) => value)).toEqual(['in the code'])
    }
    await recording.store.addDeployment(deployed('tried'))
    expect(await current()).toMatchObject({ value: 'tried', source: 'deployment' })
  })

  it('is what was rolled back where runs go on with it: the code has it now', async () => {
    await traffic(['in the code'])
    await recording.store.addDeployment({
      ...deployed(null),
      previousVersion: parameterVersion('tried'),
    })
    await setTimeout(3)
    await traffic(times(20, 'tried'))
    expect(await current()).toMatchObject({ value: 'tried', source: 'traffic' })
  })

  it('is not what a file was given that has it no more', async () => {
    await traffic(['usual', 'usual', 'accepted'])
    await recording.store.addDeployment(deployed('accepted', '/none/p.json'))
    const found = (await currentParameters(recording.store, '/none/p.json')).get(tone.name)
    expect(found).toMatchObject({ value: 'usual', base: { source: 'traffic' } })
  })

  it('can be chosen among those of the traffic', async () => {
    await traffic([...times(3, 'usual'), 'rare'])
    for (const base of [parameterVersion('rare'), `${tone.name}=2`]) {
      expect(await current([base])).toMatchObject({ value: 'rare' })
    }
    for (const base of ['', 'x', `${tone.name}=3`, 'other=1', `${tone.name}=`]) {
      await expect(current([base])).rejects.toMatchObject({ code: 'T2_BASE_UNKNOWN' })
    }
  })
})
