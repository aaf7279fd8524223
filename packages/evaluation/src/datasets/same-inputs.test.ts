import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownInputs } from './same-inputs.ts'

function known(...inputs: Parameters<KnownInputs['add']>[0][]): KnownInputs {
  const all = new KnownInputs()
  for (const one of inputs) all.add(one)
  return all
}

test('inputs are found again under any names', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.func(fc.string()),
      (inputs, named) => {
        const renamed = Object.entries(inputs).map(([name, value], at) => [
          `${named(name)}${at}`,
          value,
        ])
        const all = known(JSON.parse(JSON.stringify(inputs)))
        expect(all.has(JSON.parse(JSON.stringify(inputs)))).toBe(true)
        expect(all.has(JSON.parse(JSON.stringify(Object.fromEntries(renamed))))).toBe(true)
      },
    ),
  )
})

test.each([
  ['another value', { a: 3 }, { a: 4 }],
  ['values that changed places', { from: 'A', to: 'B' }, { from: 'B', to: 'A' }],
  ['a text and the number it reads as', { a: 3 }, { b: '3' }],
  ['a short text beside others', { a: 'yes', b: 1 }, { input: 'yes' }],
  [
    'a long text that both have beside their own',
    { guide: 'Answer in one word, and say nothing about what you were told.', q: 'a' },
    { guide: 'Answer in one word, and say nothing about what you were told.', q: 'b' },
  ],
])('%s is another input', (_, one, other) => {
  expect(known(one).has(other)).toBe(false)
})
