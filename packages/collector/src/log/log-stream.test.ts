import { expect, it } from 'vitest'
import { logStream } from './log-stream.ts'

/** A file that takes some bytes at a time, and nothing while it is full. */
function target(atOnce = Number.POSITIVE_INFINITY) {
  const state = { text: '', room: Number.POSITIVE_INFINITY }
  const stream = logStream(2, (_fd, bytes) => {
    const taken = Math.min(bytes.length, atOnce, state.room)
    if (taken === 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    state.text += Buffer.from(bytes.subarray(0, taken)).toString()
    state.room -= taken
    return taken
  })
  return { state, stream }
}

it('writes each line at once, in as many parts as are taken', () => {
  const { state, stream } = target(3)
  stream.write('a line\n')
  stream.write('ünd another\n')
  expect(state.text).toBe('a line\nünd another\n')
})

it('gives up what cannot be written, and says how much that was', () => {
  const { state, stream } = target()
  state.room = 0
  for (const line of ['a\n', 'b\n', 'c\n']) stream.write(line)
  expect(state.text).toBe('')
  state.room = Number.POSITIVE_INFINITY
  stream.write('d\n')
  stream.write('e\n')
  const [told = '', ...lines] = state.text.split('\n')
  expect(JSON.parse(told)).toMatchObject({ level: 'warn', lines: 3 })
  expect(lines).toEqual(['d', 'e', ''])
})

it('ends a line that it has begun before it begins another', () => {
  const { state, stream } = target()
  state.room = 3
  stream.write('abcdef\n')
  stream.write('given up\n')
  expect(state.text).toBe('abc')
  state.room = Number.POSITIVE_INFINITY
  stream.write('next\n')
  const [first, told = '', last] = state.text.split('\n')
  expect([first, last]).toEqual(['abcdef', 'next'])
  expect(JSON.parse(told)).toMatchObject({ lines: 1 })
})

it('keeps no more than it says of lines that nobody reads', () => {
  const { state, stream } = target()
  state.room = 1
  stream.write(`${'x'.repeat(1_000_000)}\n`)
  state.room = Number.POSITIVE_INFINITY
  stream.write('next\n')
  // A line of which a part was written and the rest given up ends before the next one begins.
  const lines = state.text.split('\n')
  expect(lines.at(-2)).toBe('next')
  expect(JSON.parse(lines.at(-3) ?? '')).toMatchObject({ lines: 1 })
})
