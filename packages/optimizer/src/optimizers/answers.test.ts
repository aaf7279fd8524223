import { type Json, parameterKind } from '@trace2/core'
import { asJson } from '@trace2/evaluation/llm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Variable } from '../prompt/index.ts'
import { readElements, readSuggestion } from './contract.ts'

const variable = (name: string, value: Json, more: Partial<Variable> = {}): Variable => ({
  name,
  version: 'v',
  value,
  description: '',
  valueKind: parameterKind(value, null),
  schema: null,
  ...more,
})

const variables = [
  variable('triage.system', 'Classify the ticket.'),
  variable('triage.limit', 0.5, { schema: { type: 'number', minimum: 0, maximum: 1 } }),
  variable('triage.strict', true),
  variable('triage.labels', ['a', 'b']),
  variable('category', 'none'),
  variable('twice.code', 'function twice(x) { return x }'),
]
const read = asJson(readSuggestion(variables))

const text = 'Classify it as "shipping" or {billing}.'
const answer = (suggestion: object = { 'triage.system': text }) =>
  JSON.stringify({ reasoning: 'Because.', suggestion })
const good = answer()

function valuesIn(answered: string): unknown {
  const result = read(answered)
  return result.ok ? Object.fromEntries(result.value.values) : result.fault
}

describe('an answer as models give it', () => {
  const draft = answer({ 'triage.system': 'A draft.' })
  it.each([
    ['alone', good],
    ['in a fence', `\`\`\`json\n${good}\n\`\`\``],
    ['with a byte order mark', `\uFEFF${good}`],
    ['after a draft', `First: ${draft}\nBetter: ${good}`],
    ['after a thought draft', `<think>Maybe ${draft}? No.</think>\n\n${good}`],
    ['after a thought of which only the end is marked', `Hm {"a": 1} ${draft}\n</think>\n${good}`],
    ['before a thought that does not end', `${good}\n<think>Perhaps ${draft}`],
    ['in a thought alone', `<think>So: ${good}</think>`],
    ['after other marks of thoughts', `[THINK]${draft}[/THINK]${good}\n[THINK]${draft}[/THINK]`],
    ['before an example', `${good}\nThen it answers, for example, {"category": "shipping"}.`],
    ['before an empty example', `${good}\nOtherwise it answers {}.`],
    [
      'before the form asked for',
      `${good}\nThis is {"reasoning": "…", "suggestion": {"name": "x"}}.`,
    ],
    ['before an ellipsis', `${good}\nAs in ${answer({ 'triage.system': '...' })}`],
    ['after code', `if (x) { return { y } }\n"quoted" it's\n${good}`],
    ['after an object that was never ended', `{"reasoning": "Let me\n\n${good}`],
    ['after another object that was never ended', `{"suggestion": {"triage.system": "A\n${good}`],
    ['in a list', `[${good}]`],
    ['in an object', `{"answer": ${good}}`],
    ['in a call of a tool as text', JSON.stringify({ name: 'suggestion', arguments: good })],
    ['quoted twice', JSON.stringify(good)],
    ['quoted three times, in words', `Here: ${JSON.stringify(JSON.stringify(good)).slice(1, -1)}.`],
    ['with escaped quotes', good.replaceAll('"', '\\"').replaceAll('\\\\"', '\\\\\\"')],
    [
      'with names in another case',
      good.replace('suggestion', 'Suggestion').replace('triage', 'Triage'),
    ],
    ['in the plural', good.replace('"suggestion"', '"suggestions"')],
    ['with other separators', good.replace('triage.system', 'triage_system')],
    ['without the prefix', good.replace('triage.system', 'system')],
    ['with trailing commas', good.replace(/}}$/, ',},}')],
    ['with comments', good.replace('"suggestion"', '// here\n"suggestion" /* it is */')],
    [
      'with names that have no quotes',
      good.replace('"reasoning"', 'reasoning').replace('"suggestion"', 'suggestion'),
    ],
    ['without its last brace', `Sure: ${good.slice(0, -1)}\n\`\`\``],
    [
      'as Python writes it',
      `{'reasoning': 'It\\'s {so}', 'suggestion': {'triage.system': '${text}', 'triage.limit': None}}`,
    ],
    ['as a list of names and values', answer([{ name: 'triage.system', value: text }])],
    ['as one name and value', answer({ name: 'triage.system', value: text })],
    ['as an object with the value', answer({ 'triage.system': { value: text } })],
    [
      'as JSON in a string',
      answer({}).replace('{}', JSON.stringify(JSON.stringify({ 'triage.system': text }))),
    ],
    ['with the value quoted twice', answer({ 'triage.system': JSON.stringify(text) })],
    [
      'with null for what stays',
      answer({ 'triage.system': text, 'triage.limit': null, category: null }),
    ],
    [
      'with present values beside it',
      answer({ 'triage.system': text, 'triage.limit': 0.5, category: ' none\n' }),
    ],
    ['with the values alone', JSON.stringify({ 'triage.system': text })],
    [
      'with the values alone and reasons',
      JSON.stringify({ reasoning: 'r', 'triage.system': text }),
    ],
  ])('%s', (_form, answered) => {
    expect(valuesIn(answered)).toEqual({ 'triage.system': text })
  })

  it.each<[string, object, object]>([
    ['a number in quotes', { 'triage.limit': '0.4' }, { 'triage.limit': 0.4 }],
    ['a truth in quotes', { 'triage.strict': 'false' }, { 'triage.strict': false }],
    ['a list in quotes', { 'triage.labels': '["c"]' }, { 'triage.labels': ['c'] }],
    ['a list as Python writes it', { 'triage.labels': "['c']" }, { 'triage.labels': ['c'] }],
    [
      'code in a fence',
      { twice: '```js\nfunction twice(x) { return 2 * x }\n```' },
      { 'twice.code': 'function twice(x) { return 2 * x }' },
    ],
  ])('has %s', (_form, suggestion, values) => {
    expect(valuesIn(answer(suggestion))).toEqual(values)
  })

  it.each([
    'null',
    'None',
    '"null"',
    'undefined',
    'N/A',
    'unchanged',
    '(unchanged)',
    'Same as before.',
    'No change needed',
    'keep as is',
    '<current value>',
  ])('leaves a value as it is where it says %j', (said) => {
    const inWords = { 'triage.limit': said, 'triage.labels': said, 'triage.strict': said }
    expect(valuesIn(answer({ 'triage.system': said, ...inWords }))).toEqual({})
    expect(valuesIn(answer({ 'triage.system': { value: null } }))).toEqual({})
  })

  it.each(['unchanged', 'text', 'todo', 'unknown'])(
    'has %j as a value where the present one is a label',
    (category) => {
      expect(valuesIn(answer({ category }))).toEqual({ category })
    },
  )

  it.each([
    'Same as before, but answer in one word.',
    'No change of address is a billing matter.',
    'Text',
  ])('has %j where that says something', (said) => {
    const present = said === 'Text' ? { schema: { enum: ['Classify the ticket.', said] } } : {}
    const asked = readSuggestion([variable('p', 'Classify the ticket.', present)])
    expect(asked({ suggestion: { p: said } })).toMatchObject({
      value: { values: new Map([['p', said]]) },
    })
  })

  it('changes nothing where the suggestion is null', () => {
    expect(valuesIn('{"reasoning": "It is good.", "suggestion": null}')).toEqual({})
  })

  it('has reasons in a list', () => {
    const result = read(JSON.stringify({ reasoning: ['One.', 'Two.'], suggestion: {} }))
    expect(result).toMatchObject({ value: { reasoning: 'One.\nTwo.' } })
  })

  it('has line breaks in its strings', () => {
    const broken = good.replace('Classify it as', 'Classify\nit\tas')
    expect(valuesIn(broken)).toEqual({
      'triage.system': text.replace('Classify it as', 'Classify\nit\tas'),
    })
  })

  it('has tags of thoughts in its values', () => {
    const value = 'Write <think> first and </think> then. {"reasoning": "", "suggestion": {}}'
    expect(valuesIn(`So:\n${answer({ 'triage.system': value })}\nDone.`)).toEqual({
      'triage.system': value,
    })
  })

  it.each([
    ['nothing', '', 'it is not a JSON object'],
    ['only an example', 'It answers {"kind": "shipping"}.', 'it has no object "suggestion"'],
    ['an unknown name', answer({ 'other.system': 'x' }), 'there is no variable "other.system"'],
    ['a name that can mean several', answer({ 'triage.': 'x' }), 'there is no variable "triage."'],
    ['two values', answer({ system: 'x', 'triage.system': 'y' }), 'there are two values'],
    [
      'a draft that would do, and then what does not',
      `${good}\nNo: ${answer({ 'triage.limit': 7 })}`,
      'the value of triage.limit',
    ],
    [
      'an example after what does not',
      `${answer({ 'triage.limit': 7 })} {"kind": "x"}`,
      'the value of triage.limit',
    ],
    ['no number', answer({ 'triage.limit': 'high' }), 'the value of triage.limit'],
    ['NaN', answer({ 'triage.limit': 1 }).replace('1}', 'NaN}'), 'the value of triage.limit'],
    ['an empty text', answer({ 'triage.system': '' }), 'it is empty'],
    ['white space', answer({ 'triage.system': ' \n\u200B' }), 'it is empty'],
    ['a note', answer({ 'triage.system': 'TODO' }), 'it only stands for a value'],
    ['a type', answer({ 'triage.system': '<string>' }), 'it only stands for a value'],
    ['what a form has', answer({ 'triage.system': 'new value' }), 'it only stands for a value'],
    [
      'a form with more words',
      answer({ 'triage.system': 'Your improved prompt here' }),
      'it only stands for a value',
    ],
    [
      'a tag of the prompt',
      answer({ 'triage.system': '</variable fence="k4u68i">' }),
      'it holds a tag of this prompt',
    ],
    [
      'a value and a tag of the prompt',
      answer({ 'triage.system': 'Be kind.\n<variable name="x" fence="k4u68i">' }),
      'it holds a tag of this prompt',
    ],
  ])('that cannot be used is asked for again: %s', (_form, answered, fault) => {
    expect(valuesIn(answered)).toContain(fault)
  })

  it.each([
    ['k4u68i', true],
    ['Be kind. k4u68i', true],
    ['fence="k4u68i"', true],
    ['Be kind to the kitten.', false],
  ])('has no value with the token of the prompt: %j', (text, isRefused) => {
    const result = readSuggestion(variables, 'k4u68i')({ suggestion: { 'triage.system': text } })
    const fault = 'the value of triage.system: it holds a tag of this prompt'
    if (isRefused) expect(result).toMatchObject({ ok: false, fault })
    else expect(result).toMatchObject({ ok: true })
  })

  it('is found between any words that are not JSON', () => {
    const words = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .filter((some) => !/[{<◁[]/.test(some))
    fc.assert(
      fc.property(
        words,
        words,
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (before, after, value) => {
          const suggested = { 'triage.system': `new ${value}` }
          expect(valuesIn(`${before}\n${answer(suggested)}\n${after}`)).toEqual(
            valuesIn(answer(suggested)),
          )
        },
      ),
    )
  })

  it('is soon given up where it is made of nothing but beginnings', () => {
    const pieces = [
      '{',
      '{"',
      '{"a":',
      "{'",
      '{a:',
      '<think>',
      '"',
      '\\',
      '\\"',
      '{\\"',
      ' ',
      '`',
      '{"a":{},',
      '[{',
    ]
    for (const piece of pieces) {
      for (const [start, end] of [
        ['', ''],
        ['{"', ''],
        ['{"a": "', '\\'],
        ['', ' '.repeat(20_000)],
      ]) {
        expect(valuesIn(`${start}${piece.repeat(20_000)}${end}`)).toEqual(expect.any(String))
      }
    }
  })
})

describe('an answer in elements', () => {
  const element = (tag: string, content: string) =>
    `<${tag} fence="k1">\n${content}\n</${tag.split(' ')[0]} fence="k1">`

  it('counts with its last value of a variable, in the form that fits', () => {
    const answered = [
      element('variable name="triage.system"', 'A draft.'),
      element('reasoning', 'why'),
      element('variable name="triage.system"', text),
      element('variable name="limit"', '0.4'),
    ].join('\n')
    const result = readElements(variables, 'k1')(answered)
    expect(result.ok && Object.fromEntries(result.value.values)).toEqual({
      'triage.system': text,
      'triage.limit': 0.4,
    })
  })
})

describe('placeholders of the present text', () => {
  const asking = (present: string) => readSuggestion([variable('p', present)])
  const doubtOf = (present: string, proposed: string) => {
    const result = asking(present)({ suggestion: { p: proposed } })
    return result.ok ? result.doubt : result.fault
  }

  it('are asked for again where they are missing, by name', () => {
    expect(doubtOf(`Greet {name} from \${city}.`, 'Greet {name}.')).toContain(`\${city}`)
    expect(doubtOf(`Greet {name} from \${city}.`, `From \${city}, greet {name}.`)).toBeUndefined()
  })

  it('are not looked for in code and numbers', () => {
    const code = variable('f.code', 'function f(x) { return x + "{x}" }')
    const result = readSuggestion([code])({ suggestion: { f: 'function f(x) { return x }' } })
    expect(result).toMatchObject({ ok: true, doubt: undefined })
  })
})
