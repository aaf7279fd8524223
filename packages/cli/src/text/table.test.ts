import { displayWidth } from '@trace2/render'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fields, table } from './table.ts'

const paint = (_tone: string, text: string) => text

test('columns are aligned, numbers to the right', () => {
  const text = table(
    [{ title: 'NAME' }, { title: 'SPANS', align: 'right' }, { title: 'STATUS' }],
    [
      ['agent', '4', 'ok'],
      ['a longer one', '1204', { text: 'failed', tone: 'error' }],
    ],
    { columns: 80, paint },
  )
  expect(text).toBe(
    ['NAME          SPANS  STATUS', 'agent             4  ok', 'a longer one   1204  failed'].join(
      '\n',
    ),
  )
})

test('flexible columns give way to a narrow terminal, fixed ones do not', () => {
  const text = table(
    [{ title: 'ID' }, { title: 'VALUE', flexible: true }],
    [['8c1f2e77', 'x'.repeat(80)]],
    {
      columns: 30,
      paint,
    },
  )
  expect(text.split('\n')[1]).toBe(`8c1f2e77  ${'x'.repeat(19)}…`)
})

test.each([
  [80, 'ID        NAME                  MADE BY    AT'],
  [48, 'ID        NAME                  MADE BY    AT'],
  [47, 'ID        NAME                  MADE BY'],
  [41, 'ID        NAME                  MADE BY'],
  [40, 'ID        NAME'],
  [20, 'ID        NAME'],
])('in %s columns, what matters least is left out whole before anything is cut', (width, head) => {
  const columns = [
    { title: 'ID' },
    { title: 'NAME', flexible: true },
    { title: 'MADE BY', optional: 1 },
    { title: 'AT', optional: 2 },
  ]
  const rows = [
    ['8c1f2e77', 'triage.system.prompt', 'optoprime', '02:46'],
    ['9d20aa31', 'triage.reply', 'opro', '02:47'],
  ]
  const [first, ...others] = table(columns, rows, { columns: width, paint }).split('\n')
  expect(first).toBe(head)
  expect(others.map((line) => line.slice(0, 8))).toEqual(['8c1f2e77', '9d20aa31'])
})

test('characters whose width nobody agrees on do not break a table', () => {
  const columns = [
    { title: 'A', flexible: true },
    { title: 'B', flexible: true },
  ]
  const rows = [
    ['\u0000'.repeat(5), ''],
    ['\u{16fe0}', '\u0000\u0000'],
  ]
  for (const line of table(columns, rows, { columns: 40, paint }).split('\n')) {
    expect(displayWidth(line)).toBeLessThanOrEqual(40)
  }
})

test('whatever stands in a cell, a row is one line that fits and that no terminal obeys', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const columns = [
        { title: 'A', flexible: true },
        { title: 'B', flexible: true },
      ]
      const lines = table(columns, rows, { columns: 40, paint }).split('\n')
      expect(lines).toHaveLength(rows.length + 1)
      for (const line of lines) {
        expect(displayWidth(line)).toBeLessThanOrEqual(40)
        expect(line).not.toMatch(/\p{Cc}/u)
      }
    }),
  )
})

test('fields stand in a column', () => {
  expect(
    fields(
      [
        ['made by', 'x'],
        ['cost', '$0'],
      ],
      { columns: 80, paint },
    ),
  ).toBe('made by  x\ncost     $0')
})
