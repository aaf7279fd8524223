import { expect, test } from 'vitest'
import { painter, wantsColour } from './paint.ts'

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
])('terminal %s with %o: colour %s', (isTerminal, environment, colour) => {
  expect(wantsColour(isTerminal, environment)).toBe(colour)
})

test('without colour nothing is added to the text', () => {
  expect(painter(false)('error', 'failed')).toBe('failed')
  expect(painter(true)('error', 'failed')).toBe('\u001b[31mfailed\u001b[39m')
})
