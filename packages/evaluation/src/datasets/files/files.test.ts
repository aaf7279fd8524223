import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Case, Split } from '@trace2/store'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { composeCases } from '../compose.ts'
import { caseId } from '../draft.ts'
import { readCases } from './read-cases.ts'
import { formulaCells, writtenCases } from './write-cases.ts'

function file(name: string, content: string | Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-datasets-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const inputsIn = async (name: string, content: string | Uint8Array) =>
  (await readCases(file(name, content))).drafts.map(({ inputs }) => inputs)

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)))
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '=1+1',
    '-5',
    '"',
    'a,b;c\td',
    'x\r\ny',
    '\uFEFF',
    '\uFFFD',
    'null',
    '\r',
  ),
)
const names = fc.oneof(
  fc.string(),
  fc.constantFrom('input', 'id', 'a.b', 'x:json', 'split', '__proto__', 'metadata', ' a', '1'),
)
const cases: fc.Arbitrary<Case[]> = fc
  .array(
    fc.record({
      inputs: fc.oneof(
        fc.record({ input: fc.oneof(text, json) }),
        fc.record({ question: text, count: fc.nat() }),
        fc.dictionary(names, fc.oneof(text, json), { minKeys: 1 }),
      ),
      reference: fc.oneof(fc.constant(null), text, json),
      group: text.filter((group) => group !== '' && group.isWellFormed()),
      split: fc.constantFrom<Split>('train', 'validation', 'holdout'),
      run: fc.option(fc.constantFrom('0'.repeat(32), `${'a'.repeat(32)}:${'1'.repeat(16)}`)),
      feedback: fc.array(
        fc.record({
          name: text,
          score: fc.option(fc.nat()),
          label: fc.option(text),
          comment: fc.option(text),
          source: fc.constantFrom('human' as const, 'model' as const),
        }),
        { maxLength: 2 },
      ),
      metadata: fc.dictionary(names, fc.oneof(text, json)),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((some) => some.map((each) => JSON.parse(JSON.stringify(each))))
  .map((some: Omit<Case, 'id'>[]) => {
    const byId = new Map(some.map((each) => [caseId(each.inputs), each]))
    const splits = new Map(some.map(({ group, split }) => [group, split]))
    return [...byId].map(([id, each]) => ({
      ...each,
      id,
      split: splits.get(each.group) ?? each.split,
    }))
  })

test.each(['jsonl', 'csv'] as const)(
  'what is written as %s is read as the same cases',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(cases, async (some) => {
        const path = file(`cases.${format}`, [...writtenCases(some, { format })].join(''))
        const { drafts, problems } = await readCases(path)
        expect(problems).toEqual([])
        expect(composeCases(drafts).cases).toEqual(some)
        for (const [at, draft] of drafts.entries()) {
          expect(Object.keys(draft.inputs)).toEqual(Object.keys(some[at]?.inputs ?? {}))
        }
      }),
      { numRuns: 200 },
    )
  },
)

test('JSON lines may have the names that other tools use; what is no part of a case is metadata', async () => {
  const { drafts } = await readCases(
    file(
      'cases.jsonl',
      [
        '{"input": "a", "expected": "A", "id": "row 7", "difficulty": 3}',
        '{"inputs": {"q": "b", "k": 2}, "ideal": ["B"], "group": 12, "metadata": {"from": "May"}}',
        '{"input": 0, "split": "holdout", "reference": null, "expected": "kept", "run": "no run"}',
      ].join('\n'),
    ),
  )
  expect(drafts).toMatchObject([
    { inputs: { input: 'a' }, reference: 'A', metadata: { difficulty: 3 }, group: null },
    { inputs: { q: 'b', k: 2 }, reference: ['B'], group: '12', metadata: { from: 'May' } },
    {
      inputs: { input: 0 },
      split: 'holdout',
      reference: null,
      run: null,
      metadata: { expected: 'kept', run: 'no run' },
    },
  ])
})

test('lines that are no case are told with their number, the others are taken', async () => {
  const lines = [
    Buffer.from('{"input": "one"}'),
    Buffer.from('{"input": '),
    Buffer.from('[1]'),
    Buffer.from('   '),
    Buffer.from('{"question": "?"}'),
    Buffer.from('{"inputs": {}}'),
    Buffer.from('{"inputs": ["x"]}'),
    Buffer.from('{"input": 1, "split": "test"}'),
    Buffer.from('{"input": 1, "group": {}}'),
    Buffer.concat([Buffer.from('{"input": "'), Buffer.from([0xe9]), Buffer.from('"}')]),
    Buffer.from(`{"input": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    Buffer.from('{"input": null}'),
    Buffer.from('{"input": 1, "feedback": [{"score": 99}]}'),
    Buffer.from('{"input": "two"}'),
  ]
  const { drafts, badLines, problems } = await readCases(
    file('cases.jsonl', Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))),
  )
  expect(drafts.map(({ inputs }) => inputs)).toEqual([{ input: 'one' }, { input: 'two' }])
  expect(badLines).toBe(11)
  expect(problems.map(({ line, code }) => [line, code])).toEqual([
    [2, 'T2_CASE_TEXT'],
    [3, 'T2_CASE_TEXT'],
    [5, 'T2_CASE_INPUT'],
    [6, 'T2_CASE_INPUT'],
    [7, 'T2_CASE_INPUT'],
    [8, 'T2_CASE_FIELD'],
    [9, 'T2_CASE_FIELD'],
    [10, 'T2_CASE_TEXT'],
    [11, 'T2_CASE_TEXT'],
    [12, 'T2_CASE_INPUT'],
    [13, 'T2_CASE_FIELD'],
  ])
})

test('records of CSV that are no case are told with their line', async () => {
  const { drafts, problems } = await readCases(
    file(
      'cases.csv',
      Buffer.concat([
        Buffer.from('input,split,n:json\r\n"two\r\nlines",,1\r\nshort\r\n'),
        Buffer.from('a,test,\r\nb,,{\r\n,,\r\n\r\nlong,,1,2\r\n'),
        Buffer.from([0xff]),
        Buffer.from(',,\r\n5" pipe,train,2\r\nc,,3\r\n"open,,\r\nd,,'),
      ]),
    ),
  )
  expect(drafts.map(({ inputs }) => inputs.input)).toEqual(['two\r\nlines', '5" pipe', 'c'])
  expect(problems.map(({ line, code }) => [line, code])).toEqual([
    [4, 'T2_CASE_TEXT'],
    [5, 'T2_CASE_FIELD'],
    [6, 'T2_CASE_TEXT'],
    [9, 'T2_CASE_TEXT'],
    [10, 'T2_CASE_TEXT'],
    [13, 'T2_CASE_TEXT'],
  ])
})

const utf16 = (content: string, swapped: boolean) => {
  const bytes = Buffer.from(content, 'utf16le')
  return swapped ? bytes.swap16() : bytes
}

test.each([
  ['a byte order mark', (content: string) => Buffer.from(`\uFEFF${content}`)],
  ['CRLF', (content: string) => Buffer.from(content.replaceAll('\n', '\r\n'))],
  ['no last line feed', (content: string) => Buffer.from(content.trimEnd())],
  ['blank lines before and after', (content: string) => Buffer.from(`\n\n${content}\n\n`)],
  ['UTF-16', (content: string) => utf16(`\uFEFF${content}`, false)],
  ['UTF-16, big end first', (content: string) => utf16(`\uFEFF${content}`, true)],
  ['UTF-16 without a mark', (content: string) => utf16(content, false)],
  ['UTF-16, big end first, without a mark', (content: string) => utf16(content, true)],
])('a file with %s is read as any other', async (_what, encoded) => {
  const expected = [{ input: 'größer 👍' }, { input: 'b' }]
  expect(
    await inputsIn('cases.jsonl', encoded('{"input": "größer 👍"}\n{"input": "b"}\n')),
  ).toEqual(expected)
  expect(await inputsIn('cases.csv', encoded('input,x\ngrößer 👍,1\nb,2\n'))).toEqual(expected)
})

test.each([';', '\t', ','])('columns may be separated by %j', async (delimiter) => {
  const content = [
    ['input.a', '"b, c;\td"', 'input.n:json'],
    ['"1;,\t2"', 'x', '3'],
  ]
  const lines = content.map((row) => row.join(delimiter)).join('\n')
  const { drafts } = await readCases(file('cases.csv', lines))
  expect(drafts).toMatchObject([{ inputs: { a: '1;,\t2', n: 3 }, metadata: { 'b, c;\td': 'x' } }])
})

test('a file that has no case is an error that says why', async () => {
  const failure = (name: string, content: string) =>
    readCases(file(name, content)).catch((error: unknown) => error)
  expect(await failure('cases.jsonl', '')).toMatchObject({ code: 'T2_DATASET_EMPTY' })
  expect(await failure('cases.csv', '\uFEFF\n')).toMatchObject({ code: 'T2_DATASET_EMPTY' })
  expect(await failure('cases.csv', 'input\n')).toMatchObject({ code: 'T2_DATASET_EMPTY' })
  expect(await failure('cases.jsonl', '[{"input": 1}]')).toMatchObject({
    code: 'T2_DATASET_EMPTY',
    message: expect.stringContaining('a list: write each case on a line of its own'),
  })
  expect(await failure('cases.jsonl', 'nonsense')).toMatchObject({
    code: 'T2_DATASET_EMPTY',
    message: expect.stringMatching(/no case in 1 line\. Line 1: The line is not JSON/),
  })
  expect(await failure('cases.csv', 'a,b\n1,2\n')).toMatchObject({ code: 'T2_DATASET_FILE' })
  expect(await failure('cases.csv', 'input,input\n1,2\n')).toMatchObject({
    code: 'T2_DATASET_FILE',
  })
  expect(await readCases('/nowhere/cases.csv').catch((error: unknown) => error)).toMatchObject({
    code: 'T2_DATASET_FILE',
  })
  expect(await readCases(tmpdir()).catch((error: unknown) => error)).toMatchObject({
    code: 'T2_DATASET_FILE',
  })
})

test('cells that a spreadsheet would run stay as they are, and are escaped where that is asked for', async () => {
  const { cases: some } = composeCases(
    (await readCases(file('cases.jsonl', '{"input": "=HYPERLINK(1)"}\n{"input": "-5"}\n'))).drafts,
  )
  expect(formulaCells(some)).toBe(2)
  const plain = [...writtenCases(some, { format: 'csv' })].join('')
  expect(plain).toContain(',=HYPERLINK(1),')
  const escaped = [...writtenCases(some, { format: 'csv', escapeFormulas: true })].join('')
  expect(escaped).toContain(",'=HYPERLINK(1),")
  expect(escaped).toContain(",'-5,")
})
