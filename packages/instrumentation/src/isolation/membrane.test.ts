import { emptyContract } from '@trace2/source'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Codec } from '../../../sandbox/src/codec/codec.ts'
import type { Caller } from '../../../sandbox/src/host/caller.ts'
import { HostSide } from '../../../sandbox/src/host/side.ts'
import { assemble } from '../../../sandbox/src/program.ts'
import { bundle } from '../index.ts'
import { enableIsolation, isolate } from './index.ts'

beforeAll(() => enableIsolation())

class Account {
  balance = 1
  owner(): string {
    return 'real'
  }
}

const nothing: Caller = {
  isServing: false,
  callBack: () => undefined,
  apply: () => undefined,
  construct: () => ({}),
  resume: () => undefined,
  resumeLater: async () => undefined,
  watch: () => undefined,
  expect: async () => undefined,
  hold: () => undefined,
  release: () => undefined,
}

function hostCodec(): Codec {
  const program = assemble('(a) => a.owner()', { ...emptyContract, members: new Set(['owner']) })
  if ('fault' in program) throw new Error(program.fault)
  return new Codec(new HostSide(nothing, program))
}

describe('a forged message', () => {
  const id = fc.integer({ min: -3, max: 8 })
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      'constructor',
      '__proto__',
      'owner',
      'then',
      'toJSON',
      ['u'],
      ['n', 'NaN'],
      ['b', 'zz'],
    ),
    fc.constantFrom<unknown>(
      ['i', 'Function'],
      ['k', 'Account.prototype'],
      ['w', 'iterator'],
      ['l'],
      4_294_967_295,
    ),
    id.map((each) => [each]),
    fc.jsonValue(),
  )
  const kind = fc.constantFrom(...'oadrmsbvexfpgcy')
  const record = fc.tuple(id, kind, leaf, fc.nat(3), fc.array(leaf), fc.array(leaf), fc.array(leaf))
  const message = fc
    .tuple(fc.array(leaf), fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 5 }))
    .map(([values, records]) => [values, ...records].map((line) => JSON.stringify(line)).join('\n'))

  test('costs no more than its own length', () => {
    const [forged] = hostCodec().decode('[[-1]]\n[-1,"a","Array",0,[4294967295,1],[],[]]')
    expect(Object.keys(Object(forged))).toEqual([])
  })

  test('changes nothing but data that was given', () => {
    fc.assert(
      fc.property(message, (text) => {
        const codec = hostCodec()
        const account = new Account()
        const given = Object.assign(() => 'given', { mark: 1 })
        codec.encode([account, given, { data: [1] }, Account], false)
        const before = Reflect.ownKeys(Object.prototype).length
        try {
          codec.decode(text)
        } catch {
          // That it is refused is well; what it did before that counts.
        }
        expect(Object.getPrototypeOf(account)).toBe(Account.prototype)
        expect(Account.prototype.owner()).toBe('real')
        expect(Reflect.ownKeys(Account.prototype)).toEqual(['constructor', 'owner'])
        expect(Reflect.ownKeys(given)).toEqual(['length', 'name', 'mark'])
        expect(Reflect.ownKeys(Object.prototype).length).toBe(before)
      }),
      { numRuns: 4_000 },
    )
  })
})

describe('hostile code', () => {
  test.each([
    ['a proxy', '() => new Proxy({}, { ownKeys() { throw 1 }, get() { return 5 } })'],
    ['a thenable', '() => ({ then(resolve) { resolve({ then: resolve }) } })'],
    ['toJSON', '() => { Object.prototype.toJSON = () => "x"; return { toJSON: () => 1 } }'],
    [
      'setters on prototypes',
      '() => { for (const key of [0, 1, "value", "get", "seen"]) Object.defineProperty(Object.prototype, key, { set() { throw 1 }, configurable: true }); return [{ a: 1 }] }',
    ],
    [
      'replaced methods',
      '() => { for (const of of [Array, Map, Set, String, RegExp, Promise]) for (const key of Reflect.ownKeys(of.prototype)) try { of.prototype[key] = () => { throw 1 } } catch {} return [new Map()] }',
    ],
    [
      'deep nesting',
      '() => { let all = []; for (let i = 0; i < 20000; i++) all = [all]; return all }',
    ],
    ['a huge text', '() => "x".repeat(2 ** 27)'],
    ['a huge array', '() => { const all = []; all.length = 2 ** 32 - 1; return all }'],
    [
      'a name of a prototype as a key',
      '() => JSON.parse(\'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}\')',
    ],
  ])('with %s does no harm', async (_name, source) => {
    const hostile = await isolate(source, { timeMs: 1_000 })
    try {
      hostile()
    } catch (error) {
      expect(error).toBeDefined()
    }
    expect(Reflect.has({}, 'polluted')).toBe(false)
    const add = await isolate('(a, b) => a + b')
    expect(add(1, 2)).toBe(3)
  })

  test('gets no member of an instance that its author did not use', () => {
    const fn = bundle('membrane.account', (account: Account): unknown => account.owner(), {
      trainable: true,
    })
    const [code] = fn.parameters()
    code?.update(
      "(account) => [typeof account.owner, typeof account.constructor.prototype.other, typeof account.owner.constructor('return process')]",
    )
    expect(() => fn(new Account())).not.toThrow()
    code?.update(
      "(account) => { account.constructor.constructor('return this')().leaked = 1; return 'x' }",
    )
    fn(new Account())
    expect(Reflect.has(globalThis, 'leaked')).toBe(false)
  })
})
