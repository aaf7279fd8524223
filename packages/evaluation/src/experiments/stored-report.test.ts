import type { Json } from '@trace2/core'
import { expect, test } from 'vitest'
import { Gate, type GateReport } from '../gate/index.ts'
import { readReport, storedReport } from './stored-report.ts'

const gate = new Gate({
  scale: { min: 0, max: 1 },
  worth: 0.1,
  affordable: 40,
  guards: [{ kind: 'typical ratio', name: 'costUsd', atMostTimes: 1.1 }],
})
const values = { base: [1], candidate: [1] }
const looked = gate.look([
  { case: 'a', base: [0], candidate: [1], guards: { costUsd: values } },
  { case: 'b', base: [0], candidate: [1], guards: { costUsd: values } },
])

/** As reports were when a ratio could have no upper limit yet. */
const report: GateReport = {
  ...looked,
  guards: looked.guards.map((guard) => ({ ...guard, upper: Number.POSITIVE_INFINITY })),
}

function withoutAbsent(told: GateReport | undefined) {
  return Object.fromEntries(Object.entries(told ?? {}).filter(([, value]) => value !== undefined))
}

test('limits that are not there yet come back as they were', () => {
  const read = readReport(storedReport(report, 40))
  expect(withoutAbsent(read)).toMatchObject(withoutAbsent(report))
  expect(read?.guards[0]?.upper).toBe(Number.POSITIVE_INFINITY)
})

test('a verdict of an earlier release, where nothing stands in their place, is read the same', () => {
  const before: Json = JSON.parse(JSON.stringify(report))
  expect(readReport(before)?.guards[0]?.upper).toBe(Number.POSITIVE_INFINITY)
})

test.each<Json>([null, 'text', {}, [], { verdict: 'better' }])('%j is no report', (stored) => {
  expect(readReport(stored)).toBeUndefined()
})
