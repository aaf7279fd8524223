import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { confirm } from './confirm.ts'

it.each([
  ['y\n', true],
  ['YES\n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('takes %j for %s', async (typed, expected) => {
  const output = new PassThrough()
  expect(await confirm('Go on?', Readable.from([typed]), output)).toBe(expected)
  expect(String(output.read())).toContain('Go on? [y/N]')
})
