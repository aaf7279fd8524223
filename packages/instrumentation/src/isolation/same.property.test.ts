import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { bundle } from '../index.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { buildGraph, graphRecipe } from '../testing/object-graphs.ts'
import { enableIsolation } from './index.ts'

beforeAll(() => enableIsolation())

type AnyFunction = (...args: unknown[]) => unknown

// Each does to any argument what it can.
const programs: Readonly<Record<string, AnyFunction>> = {
  'hands back': (a, b) => [b, a, { a }],
  throws: (a) => {
    throw a
  },
  'keeps in new collections': (a, b) => ({
    map: new Map([[a, b]]),
    set: new Set([b, a]),
    list: Object.assign([a], { 2: b }),
  }),
  'takes apart': (a, b) => {
    const parts: unknown[] = []
    const seen = new Set<unknown>()
    const pending = [a, b]
    while (pending.length > 0 && parts.length < 200) {
      const each = pending.pop()
      parts.push(typeof each, Object.is(each, -0), String(Object.prototype.toString.call(each)))
      if (typeof each !== 'object' || each === null || seen.has(each)) continue
      seen.add(each)
      if (each instanceof Map || each instanceof Set)
        parts.push(each.size, pending.push(...each.keys()))
      else if (each instanceof Date) parts.push(each.getTime())
      else if (each instanceof RegExp) parts.push(each.source, each.flags)
      else if (each instanceof Error)
        parts.push(each.name, each.message, each instanceof RangeError)
      else if (each instanceof Uint8Array) parts.push(...each)
      else parts.push(Object.keys(each).join(), pending.push(...Object.values(each)))
    }
    return parts
  },
  changes: (a, b) => {
    const seen = new Set<unknown>()
    const pending = [a, b]
    while (pending.length > 0 && seen.size < 50) {
      const each = pending.pop()
      if (typeof each !== 'object' || each === null || seen.has(each)) continue
      seen.add(each)
      // What an engine says of its own mistakes is its own; that it says something is not.
      if (Object.isFrozen(each)) continue
      if (each instanceof Map) {
        pending.push(...each.keys(), ...each.values())
        each.delete([...each.keys()][0])
        each.set(b, a)
      } else if (each instanceof Set) {
        pending.push(...each)
        each.clear()
        each.add(a)
      } else if (each instanceof Date) each.setTime(5)
      else if (each instanceof Uint8Array) each.fill(7)
      else if (Array.isArray(each)) {
        pending.push(...each)
        each.reverse()
        each.push(b)
        delete each[0]
      } else {
        pending.push(...Object.values(each))
        for (const key of Object.keys(each).slice(0, 1)) Reflect.deleteProperty(each, key)
        Reflect.set(each, 'added', [a])
      }
    }
    return seen.size
  },
  'with this': function (this: unknown, a) {
    return [this, a]
  },
  'counts arguments': function (a = 'default', b = a) {
    // biome-ignore lint/complexity/noArguments: that is what is tested.
    return [arguments.length, a, b]
  },
  'lets a callback see it': (a, b) => {
    const list = [a]
    const look = b as (list: unknown[]) => unknown
    if (typeof look === 'function') return [look(list), list]
    return list
  },
}

/** What a caller sees of a call. */
function outcome(fn: AnyFunction, self: unknown, args: readonly unknown[]): string {
  let result: unknown
  try {
    result = { value: Reflect.apply(fn, self, args) }
  } catch (thrown) {
    result = { thrown }
  }
  return fingerprint([result, self, args])
}

test.each(Object.entries(programs))(
  'source with one space more does the same: %s',
  (name, program) => {
    const changed = bundle(`same.${name}`.replaceAll(' ', '-'), program, { trainable: true })
    const [code] = changed.parameters()
    code?.update(`${code.value} `)
    fc.assert(
      fc.property(graphRecipe(), (recipe) => {
        const [self, ...args] = buildGraph(recipe)
        const [selfAgain, ...argsAgain] = buildGraph(recipe)
        expect(outcome(changed, selfAgain, argsAgain)).toBe(outcome(program, self, args))
      }),
      { numRuns: 150 },
    )
  },
)
