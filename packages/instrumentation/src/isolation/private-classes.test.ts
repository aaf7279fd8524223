import { beforeAll, expect, test } from 'vitest'
import { bundle } from '../index.ts'
import type { CodeUses } from '../operator/contract.ts'
import { enableIsolation } from './index.ts'

beforeAll(() => enableIsolation())

class Purse {
  #coins = 1
  static is(value: unknown): value is Purse {
    return typeof value === 'object' && value !== null && #coins in value
  }
  static coinsOf(purse: Purse): number {
    return purse.#coins
  }
  get coins(): number {
    return this.#coins
  }
  put(coins: number): this {
    this.#coins += coins
    return this
  }
}

class Wallet extends Purse {
  get doubled(): number {
    return this.coins * 2
  }
}

// Only the class can look into its instances, on whichever side they were made.
test.each<[string, (purse: Purse) => unknown, CodeUses]>([
  ['asks for a private member', (purse) => Purse.is(purse), { Purse }],
  ['asks it of another object', () => Purse.is({}), { Purse }],
  ['reads a private member of another', (purse) => Purse.coinsOf(purse), { Purse }],
  ['makes one and asks', () => Purse.is(new Purse()), { Purse }],
  ['makes one and changes it', () => new Purse().put(4).coins, { Purse }],
  ['changes one that was given', (purse) => purse.put(2).put(3).coins, { Purse }],
  [
    'asks for the class',
    (purse) => [purse instanceof Purse, purse.constructor === Purse],
    { Purse },
  ],
  [
    'has a class that extends it',
    () => [new Wallet().put(3).doubled, Purse.is(new Wallet())],
    { Purse, Wallet },
  ],
  ['has only the class that extends it', () => new Wallet().put(3).doubled, { Wallet }],
])('a changed function that %s does what the plain one does', (_what, fn, uses) => {
  const bundled = bundle(fn, { trainable: true, uses })
  const plain = bundled(new Purse())
  change(bundled)
  expect(bundled(new Purse())).toEqual(plain)
})

test('one that was made inside is one of the class', () => {
  const made = bundle(() => new Purse().put(1), { trainable: true, uses: { Purse } })
  change(made)
  expect(Purse.is(made())).toBe(true)
  expect(made().coins).toBe(2)
})

test('a class that stays in the program is not extended, in the source or in what is proposed', () => {
  const own = () => {
    class Bag extends Purse {}
    return new Bag().coins
  }
  expect(() => bundle(own, { trainable: true, uses: { Purse } })).toThrow(
    expect.objectContaining({
      code: 'T2_CODE_SOURCE',
      message: expect.stringContaining('extends Purse'),
    }),
  )
  const plain = bundle(() => new Purse().coins, { trainable: true, uses: { Purse } })
  const [code] = plain.parameters()
  expect(() => code?.update('() => { class Bag extends Purse {} return new Bag().coins }')).toThrow(
    /extends Purse, which stays in the program/,
  )
  code?.update('() => { const Parent = Purse; class Bag extends Parent {} return new Bag().coins }')
  expect(() => plain()).toThrow(/Purse stays in the program/)
})

function change(bundled: { parameters(): { value: string; update(to: string): void }[] }): void {
  const [code] = bundled.parameters()
  code?.update(`${code.value} `)
}
