import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type Clock, progressBar } from './progress.ts'

/** A clock that stands still until it is told otherwise. */
function manualClock() {
  let now = 0
  const callbacks = new Set<() => void>()
  const clock: Clock = {
    now: () => now,
    every(_milliseconds, callback) {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
  }
  const pass = (seconds: number) => {
    now += seconds * 1000
    for (const callback of callbacks) callback()
  }
  return { clock, pass, running: () => callbacks.size }
}

function stream(isTTY: boolean) {
  const output = new PassThrough()
  let text = ''
  output.on('data', (chunk) => {
    text += String(chunk)
  })
  // cli-progress moves the cursor by what a terminal's stream can do.
  const cursor = {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  }
  return {
    stream: Object.assign(output, cursor),
    text: () => text,
  }
}

describe('progress where nobody watches', () => {
  it('is a line now and then, with what is done and how long nothing was', () => {
    const { clock, pass, running } = manualClock()
    const { stream: output, text } = stream(false)
    const progress = progressBar('Asking the model', output, clock)
    progress.update(0, 0, '0 of 2 calls')
    expect(text()).toBe('')
    pass(30)
    progress.update(0, 0, '0 of 2 calls, about 12 tokens so far')
    pass(30)
    progress.update(1, 0, '1 of 2 calls')
    pass(30)
    progress.stop()
    expect(running()).toBe(0)
    pass(30)
    expect(text()).toBe(`Asking the model · 0 of 2 calls · waiting 0:30
Asking the model · 0 of 2 calls, about 12 tokens so far · waiting 1:00
Asking the model · 1 of 2 calls · waiting 0:30
`)
  })

  it('says how many of how many, where that is known', () => {
    const { clock, pass } = manualClock()
    const { stream: output, text } = stream(false)
    progressBar('Judging', output, clock).update(3, 8, '2 judged')
    pass(75)
    expect(text()).toBe('Judging · 3 of 8, 2 judged · waiting 1:15\n')
  })
})

it('a terminal is shown the same beside a bar', () => {
  const { clock, pass } = manualClock()
  const { stream: output, text } = stream(true)
  const progress = progressBar('Judging', output, clock)
  progress.update(4, 8, '2 judged')
  pass(65)
  progress.stop()
  expect(text()).toContain('50 % 2 judged waiting 1:05')
})
