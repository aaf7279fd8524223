import { expect, it } from 'vitest'
import { baseLines } from './evidence.ts'

const variable = (more: object = {}) => ({
  name: 'tone',
  version: 'aaaa000000000000',
  base: { source: 'traffic', runs: 4, arms: [{ version: 'aaaa000000000000', share: 1 }] } as const,
  ...more,
})

it('an entry of the parameters file that is not in force is told with what is instead', () => {
  const why = 'a value of type string is needed, not number'
  const passedOver = { file: '/srv/p.json', why, isReplaceable: true }
  expect(baseLines([variable(), variable({ passedOver })])).toEqual([
    'Agents pass over the entry "tone" of /srv/p.json (T2_PARAMETERS_ENTRY): a value of type string is needed, not number. Correct or delete it; an accepted value replaces it. Base of tone: @aaaa0000, in 4 of the last 4 runs that used it.',
  ])
})
