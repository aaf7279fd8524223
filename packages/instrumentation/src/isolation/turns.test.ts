import { EventEmitter } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../index.ts'
import { type Form, outcome } from '../testing/outcome.ts'
import { enableIsolation } from './index.ts'

beforeAll(() => enableIsolation())

const cell = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the program for long enough that the timers which it set before are due. */
function block(): void {
  Atomics.wait(cell, 0, 0, 4)
}

const args = (): readonly unknown[] => [block]

const forms: Readonly<Record<string, Form>> = {
  'a timer that is due amid a step': {
    fn: async (pass: () => void) => {
      const seen: string[] = []
      const done = new Promise<void>((resolve) =>
        setTimeout(() => {
          seen.push('timer')
          resolve()
        }, 1),
      )
      pass()
      pass()
      pass()
      seen.push('step')
      await null
      seen.push('reaction')
      await done
      return seen
    },
    args,
  },
  'a timer that is cleared, twice, when it is due': {
    fn: async (pass: () => void) => {
      const seen: string[] = []
      const timer = setTimeout(() => seen.push('late'), 1)
      pass()
      pass()
      clearTimeout(timer)
      clearTimeout(timer)
      await new Promise((resolve) => setTimeout(resolve, 3))
      clearTimeout(timer)
      return seen
    },
    args,
  },
  'a timer that is cleared after it fired': {
    fn: async () => {
      const timer = setTimeout(() => {}, 1)
      await new Promise((resolve) => setTimeout(resolve, 5))
      clearTimeout(timer)
      clearTimeout(timer)
      await new Promise((resolve) => setTimeout(resolve, 1))
      return 'V1'
    },
  },
  'an event that is due before anybody listens': {
    fn: async (pass: () => void) => {
      const control = new AbortController()
      setTimeout(() => control.abort(new Error('V1')), 1)
      pass()
      const { signal } = control
      pass()
      pass()
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return signal.reason.message
    },
    args,
  },
  'a promise of the program that is settled amid a step': {
    fn: async (pass: () => void, wait: () => Promise<string>) => {
      const seen: string[] = []
      const done = wait().then((word) => seen.push(word))
      pass()
      pass()
      pass()
      seen.push('step')
      await done
      return seen
    },
    args: () => [block, () => new Promise<string>((resolve) => setTimeout(resolve, 1, 'settled'))],
  },
  'the reactions of one timer and another that is due at once': {
    fn: async (pass: () => void) => {
      const seen: string[] = []
      const waits = [1, 1].map(
        (time, index) =>
          new Promise<void>((resolve) =>
            setTimeout(() => {
              seen.push(`timer ${index}`)
              Promise.resolve().then(() => {
                seen.push(`reaction ${index}`)
                resolve()
              })
            }, time),
          ),
      )
      pass()
      pass()
      await Promise.all(waits)
      return seen
    },
    args,
  },
  'a function of it that the program calls amid a step': {
    fn: async (pass: () => void, later: (call: () => void) => void) => {
      const seen: string[] = []
      const done = new Promise<void>((resolve) =>
        later(() => {
          seen.push('called')
          resolve()
        }),
      )
      pass()
      pass()
      seen.push('step')
      await null
      seen.push('reaction')
      await done
      return seen
    },
    args: () => [block, (call: () => void) => void setTimeout(call, 1)],
  },
  'a function that both a timer and an event may call': {
    fn: async (on: (call: (from: string) => void) => void) => {
      let calls = 0
      return await new Promise<string>((resolve) => {
        const call = (from: string): void => {
          if (++calls === 2) resolve(from)
        }
        on(call)
        setTimeout(call, 1, 'the timer')
      })
    },
    args: () => [
      (call: (from: string) => void) => {
        const events = new EventEmitter().on('event', call)
        setTimeout(() => events.emit('event', 'the event'), 20)
      },
    ],
  },
  'an interval that clears itself': {
    fn: async () => {
      let count = 0
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (++count < 3) return
          clearInterval(timer)
          resolve()
        }, 1)
      })
      await new Promise((resolve) => setTimeout(resolve, 5))
      return count
    },
    uses: { setInterval, clearInterval },
  },
  'steps of an asynchronous generator that are asked for amid a step': {
    fn: async (pass: () => void, read: (steps: AsyncGenerator<string>) => Promise<string[]>) => {
      const seen: string[] = []
      const done = read(
        (async function* () {
          seen.push('generator')
          yield 'one'
          yield 'two'
        })(),
      )
      pass()
      pass()
      seen.push('step')
      return [await done, seen.length]
    },
    args: () => [
      block,
      async (steps: AsyncIterable<string>) => {
        const words: string[] = []
        for await (const word of steps) words.push(word)
        return words
      },
    ],
  },
}

describe('changed code runs step by step', () => {
  test.each(Object.entries(forms))('%s', async (name, form) => {
    const fn = bundle(`turns ${name}`.replaceAll(/\W/g, '-'), form.fn, {
      trainable: true,
      ...(form.uses ? { uses: form.uses } : {}),
    })
    const plain = await outcome(form.fn, form)
    const [code] = fn.parameters()
    code?.update(`${code.value} `)
    expect(await outcome(fn, form)).toBe(plain)
  })
})
