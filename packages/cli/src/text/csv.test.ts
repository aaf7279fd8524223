import { expect, test } from 'vitest'
import { csv, formulasIn } from './csv.ts'

const result = {
  columns: ['text', '=1+1', 'n'],
  rows: [
    ['=HYPERLINK("http://x","y")', 'plain', -5],
    ['+1', '@SUM(A1)', 0],
    ['\t=1', '\r=1', 1],
    ['-1', '\uFF1D1', null],
    ["'=1", ' =1', 2],
  ],
}

test('cells go as they are unless formulas are to be escaped', () => {
  expect(csv(result, { forTerminal: false, escapeFormulas: false }).split('\r\n')[1]).toBe(
    '"=HYPERLINK(""http://x"",""y"")",plain,-5',
  )
})

test('a cell that a spreadsheet would run begins with an apostrophe; numbers stay numbers', () => {
  expect(csv(result, { forTerminal: false, escapeFormulas: true })).toBe(
    [
      "text,'=1+1,n",
      '"\'=HYPERLINK(""http://x"",""y"")",plain,-5',
      "'+1,'@SUM(A1),0",
      '\'\t=1,"\'\r=1",1',
      "'-1,'\uFF1D1,",
      "'=1, =1,2",
    ].join('\r\n'),
  )
  expect(formulasIn(result)).toBe(8)
})

test('a terminal gets what it shows, not what it obeys', () => {
  expect(
    csv(
      { columns: ['a'], rows: [['\u001b[2J\u200b']] },
      { forTerminal: true, escapeFormulas: false },
    ),
  ).toBe('a\r\n\\u001b[2J\\u200b')
})
