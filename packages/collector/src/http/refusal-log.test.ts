import { expect, it } from 'vitest'
import { type Refusal, RefusalLog } from './refusal-log.ts'

const refusal = (others: Partial<Refusal> = {}): Refusal => ({
  status: 404,
  method: 'POST',
  path: '/v1/trace',
  contentType: 'application/json',
  reason: 'There is no /v1/trace.',
  ...others,
})

function logged() {
  const lines: string[] = []
  const clock = { now: 1_000_000 }
  const log = new RefusalLog(
    (line) => lines.push(line),
    () => clock.now,
  )
  return { lines, clock, log }
}

it('says the first of a kind at once, and then one a minute with how many there were', () => {
  const { lines, clock, log } = logged()
  for (let second = 0; second <= 60; second++) {
    log.tell(refusal({ reason: `There is no /v1/trace, number ${second}.` }))
    clock.now += 1000
  }
  expect(lines).toEqual([
    'Refused POST /v1/trace (application/json) with 404: There is no /v1/trace, number 0.',
    'Refused POST /v1/trace (application/json) with 404: There is no /v1/trace, number 60. 60 like this since the last such line.',
  ])
})

it('tells kinds apart by status, path, content type and reason', () => {
  const { lines, log } = logged()
  const kinds = [
    refusal(),
    refusal({ path: '/v1/traces', status: 405, method: 'PUT' }),
    refusal({ contentType: null }),
    refusal({ reason: 'another' }),
    refusal({ status: 200, reason: '3 spans rejected: no id' }),
  ]
  for (const kind of [...kinds, ...kinds]) log.tell(kind)
  expect(lines).toHaveLength(kinds.length)
  expect(lines[2]).toContain('(no content type)')
  expect(lines.at(-1)).toBe(
    'Took POST /v1/trace (application/json) in part: 3 spans rejected: no id',
  )
})

it('says few lines, cut and escaped, whatever strangers send', () => {
  const { lines, clock, log } = logged()
  for (let index = 0; index < 10_000; index++) {
    const path = `/${String.fromCharCode(97 + (index % 26)).repeat(index + 1)}`
    log.tell(refusal({ path, contentType: `\u001b[2J${'x'.repeat(index)}` }))
  }
  expect(lines.length).toBeLessThan(40)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1200)
  expect(lines.join('')).not.toContain('\u001b')
  // A minute later there is room for others, and nothing that was counted is lost.
  clock.now += 60_000
  log.tell(refusal({ path: '/new' }))
  expect(lines.at(-1)).toContain('POST /new ')
  log.close()
  const told = lines.map((line) => Number(/ (\d+) like/.exec(line)?.[1] ?? 1))
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(10_001)
})

it('says at the end what it has not said', () => {
  const { lines, log } = logged()
  for (let count = 0; count < 3; count++) log.tell(refusal())
  log.close()
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('2 like this since the last such line.')
})
