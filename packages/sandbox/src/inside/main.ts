/**
 * What runs inside of the sandbox beside the code. It is bundled into one text (see `build.mjs`) and evaluated in the
 * engine before anything else.
 */
import { Codec } from '../codec/codec.ts'
import { frameText, type Head, readFrame } from '../codec/frames.ts'
import { apply, construct, get, splitText } from '../codec/intrinsics.ts'
import { localize } from './localize.ts'
import { InsideSide, promiseThen } from './side.ts'

type Callable = (...args: readonly unknown[]) => unknown

interface Made {
  /** The function that the program calls. */
  readonly main: Callable
  /** Helpers and classes that both sides have, by name. */
  readonly shared: object
}

/** What the sandbox outside holds on to. */
interface Inside {
  /** Takes the program, and the names of the classes in it that have private members. */
  define(program: (...uses: readonly unknown[]) => Made): void
  enter(text: string): string
}

/** `send` asks the program outside and gives its answer. */
export function open(send: (text: string) => string): Inside {
  const side = new InsideSide(ask, settled)
  const codec = new Codec(side)
  let program: (...uses: readonly unknown[]) => Made
  let main: Callable

  function ask(head: Head, values: readonly unknown[]): unknown {
    const answer = readFrame(send(frameText(head, codec.encode(values, false))))
    if (head[0] === 'apply' || head[0] === 'construct') side.epoch++
    const value = codec.decode(answer.message)[0]
    if (answer.head[0] === 'throw') throw value
    return value
  }

  function settled(promise: object): void {
    const tell = (ok: boolean) => (value: unknown) => {
      const id = codec.idOf(promise)
      if (id !== undefined) send(settlement(id, ok, value))
    }
    promiseThen(promise, tell(true), tell(false))
  }

  function settlement(id: number, ok: boolean, value: unknown): string {
    try {
      return frameText(['settle', id, ok], codec.encode([value], true))
    } catch (error) {
      return frameText(['settle', id, false], codec.encode([error], false))
    }
  }

  function perform(text: string): unknown {
    const { head, message } = readFrame(text)
    const values = codec.decode(message)
    const id = Number(head[1])
    const target = codec.known(id)
    switch (head[0]) {
      case 'begin': {
        const made = apply(program, values[0], rest(values))
        main = made.main
        side.share(made.shared)
        return undefined
      }
      case 'call':
        return apply(main, values[0], rest(values))
      case 'apply':
        return apply(callable(target), values[0], rest(values))
      case 'construct':
        return construct(callable(target), rest(values))
      case 'resume':
        return resume(Object(target), String(head[2]), values)
      case 'settle':
        side.settle(id, head[2] === true, values[0])
        return undefined
      default:
        throw new TypeError('an unknown request')
    }
  }

  localize((...values) => ask(['locale'], values))
  return {
    define(made) {
      program = made
    },
    enter(text) {
      side.epoch++
      const frames = splitText(text, '\n\n')
      try {
        let value: unknown
        for (let index = 0; index < frames.length; index++) value = perform(frames[index] ?? '')
        return frameText(['return'], codec.encode([value], true))
      } catch (error) {
        return frameText(['throw'], codec.encode([error], true))
      }
    },
  }
}

function callable(target: unknown): Callable {
  if (typeof target !== 'function') throw new TypeError('this is no function')
  // Whatever it is declared to take, it is called with what the caller passed.
  return target as Callable
}

/** An iterator that is no generator may have no more than `next`. */
function resume(target: object, method: string, values: readonly unknown[]): unknown {
  const step: unknown = get(target, method)
  if (step !== undefined || method === 'next') return apply(callable(step), target, values)
  if (method === 'throw') throw values[0]
  return { value: values[0], done: true }
}

function rest(values: readonly unknown[]): unknown[] {
  const others: unknown[] = []
  for (let index = 1; index < values.length; index++) others[index - 1] = values[index]
  return others
}
