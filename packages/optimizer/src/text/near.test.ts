import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearest } from './near.ts'

describe('the name that was meant', () => {
  const names = ['csat', 'thumb', 'response_quality', 'latency_ms', 'qa']
  it.each([
    ['thumbs', 'thumb'],
    ['Thumb', 'thumb'],
    ['tumb', 'thumb'],
    ['thubm', 'thumb'],
    ['cast', 'csat'],
    ['CSAT', 'csat'],
    ['csats', 'csat'],
    ['response quality', 'response_quality'],
    ['responseQuality', 'response_quality'],
    ['response-quailty', 'response_quality'],
    ['latency', 'latency_ms'],
    ['QA', 'qa'],
    ['cost', undefined],
    ['qb', undefined],
    ['', undefined],
    ['Answer politely.', undefined],
    ['faster', undefined],
    ['quality', undefined],
  ])('for %j is %j', (given, name) => expect(nearest(given, names)).toBe(name))

  it('is found with any one slip, whatever the name', () => {
    const name = fc.stringMatching(/^[a-z]{5,20}$/)
    fc.assert(
      fc.property(name, fc.nat(), fc.constantFrom('drop', 'add', 'swap'), (meant, where, slip) => {
        const at = where % (meant.length - 1)
        const [head, tail] = [meant.slice(0, at), meant.slice(at)]
        const given = {
          drop: head + tail.slice(1),
          add: `${head}x${tail}`,
          swap: `${head}${tail[1]}${tail[0]}${tail.slice(2)}`,
        }[slip]
        expect(nearest(given, [meant])).toBe(meant)
      }),
    )
  })
})
