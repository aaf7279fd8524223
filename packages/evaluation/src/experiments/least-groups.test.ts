import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide, type Trial } from '../gate/index.ts'
import { gateOptions } from './gate-settings.ts'
import { canDecide, leastGroups } from './least-groups.ts'

const usual = gateOptions({}, 1)

test.each([0.05, 0.0244, 0.008, 0.001])('with an error of %d there is a least number', (alpha) => {
  const gate = { ...usual, alpha }
  const least = leastGroups(gate)
  expect(canDecide(gate, least)).toBe(true)
  expect(canDecide(gate, least - 1)).toBe(false)
  expect(canDecide(gate, 0)).toBe(false)
})

test('no result on fewer groups is better', () => {
  const gate = { ...usual, alpha: 0.0244 }
  const groups = leastGroups(gate) - 1
  const score = fc.constantFrom<Trial>(0, 0.5, 1, 'crashed', 'no score')
  const pairs = fc.array(fc.tuple(score, score), { minLength: groups, maxLength: groups })
  fc.assert(
    fc.property(pairs, (all) => {
      const cases = all.map(([before, after], index) => {
        return { case: `${index}`, base: [before], candidate: [after] }
      })
      expect(decide(cases, { ...gate, affordable: groups }).verdict).not.toBe('better')
    }),
  )
})
