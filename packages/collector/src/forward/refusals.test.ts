import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { Refusals } from './refusals.ts'

const outgoing = (bytes: number) => ({
  signal: 'traces' as const,
  encoding: 'protobuf' as const,
  body: Buffer.alloc(bytes),
})

const directory = temporaryDirectory()
const kept = () => readdirSync(directory).filter((name) => name.endsWith('.pb'))

it('keeps so many requests and so many bytes of them, the latest ones, over restarts', async () => {
  for (let n = 1; n <= 5; n++) {
    const refusals = new Refusals(directory, { files: 3, bytes: 1000 })
    await refusals.keep(`${n}`, outgoing(10), 'no')
  }
  expect(kept()).toEqual(['3.traces.pb', '4.traces.pb', '5.traces.pb'])
  const refusals = new Refusals(directory, { files: 3, bytes: 1000 })
  await refusals.keep('6', outgoing(990), 'no')
  expect(kept()).toEqual(['6.traces.pb'])
  await refusals.keep('7', outgoing(5000), 'no')
  expect(readdirSync(directory).sort()).toEqual(['7.reason.txt', '7.traces.pb'])
})
