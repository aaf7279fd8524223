import type { Json } from '@trace2/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedLanguage } from './language.ts'
import { changesNothing, isEmptyText, marksOf } from './marks.ts'
import { missingPlaceholders, placeholdersOf } from './placeholders.ts'

const dollar = '$'

describe('placeholders', () => {
  it.each<[string, readonly string[]]>([
    ['Answer with {category}.', ['{category}']],
    [
      '{user.name}, {items[0]!r:>10}, {0} and {order-id}',
      ['{user.name}', '{items[0]}', '{0}', '{order-id}'],
    ],
    ['First {} then {}', ['{}']],
    [
      'Dear {{ name | title }}, {{{html}}} {{user.name}}',
      ['{{name}}', '{{html}}', '{{user.name}}'],
    ],
    ['{{#each items}}{{this}}{{/each}}', ['{{#each items}}', '{{this}}', '{{/each}}']],
    ['{% if vip %}Thank you{%- endif -%}', ['{% if vip %}', '{% endif %}']],
    [`Dear ${dollar}{name}, ${dollar}{ order.id }`, [`${dollar}{name}`, `${dollar}{order.id}`]],
    ['%s has %d of %(total)s, %.2f each', ['%s', '%d', '%(total)s', '%.2f']],
    ['Write to <customer name> about <TICKET>.', ['<customer name>', '<TICKET>']],
    ['Greet {{x}} and {x}.', ['{{x}}', '{x}']],
    ['Dear [NAME], your order [ORDER_ID] of [DATE 2].', ['[NAME]', '[ORDER_ID]', '[DATE 2]']],
    ['Dear [TITLE] [NAME]: hello', ['[TITLE]', '[NAME]']],
    ['Dear $name, $order_id; "$greeting" $USER', ['$name', '$order_id', '$greeting', '$USER']],
  ])('are found in %j', (text, expected) => {
    expect([...placeholdersOf(text).keys()]).toEqual(expected)
  })

  it.each([
    'Answer {"a": 1} or {"category": "shipping"}.',
    'Answer {\'a\': 1}, {a: 1}, {a:1} or [{ "b": {"c": true} }].',
    'Escaped for Python: {{"a": 1}}.',
    'function f() { return x } and { color: red }',
    'One of {shipping, billing}.',
    'A 50% discount, 20% of all, 100%.',
    'https://x.y/a%20dear%20b',
    'It costs $5, $5k, $1.50 or US$name; $$name, $x$ and $(name).',
    String.raw`Not \$name either, nor A$AP or $f(x).`,
    '[Read this](https://x.y), [FAQ](/faq), ![LOGO](logo.png), [FAQ][1] and [DOCS]: https://x.y',
    '[NOTE] Be brief. [IMPORTANT] [INST] Hello [/INST] [RFC 2119] [TOPIC]shipping[/TOPIC]',
    'A list [1, 2], ["A"], [A, B], items[N], a [x] and [optional words] in it, [X] done [ ] not',
    'Think in <plan>…</plan>, then <b>answer</b>.<br>',
    'a < b and c > d, Array<string>, i <3 you',
    String.raw`\frac{a} of \text{words}`,
  ])('are not found in %j', (text) => {
    expect([...placeholdersOf(text)]).toEqual([])
  })

  it.each([
    '[',
    '[A',
    '[A ',
    '$',
    '$a',
    '{%',
    '{{',
    '{{x',
    `${dollar}{`,
    '{',
    '<a',
    '%',
    '{% ',
    '{x:',
  ])('are not looked for long in what only begins like %j', (beginning) => {
    const long = `${beginning}${' '.repeat(50_000)}${beginning.repeat(20_000)}`
    expect(placeholdersOf(long).size).toBeLessThan(2)
  })

  it('are missing where they are gone, are of another kind, or too few', () => {
    expect(missingPlaceholders('{a} {b} %s %s', 'Only {{a}}, {b} and %s')).toEqual(['{a}', '%s'])
    expect(missingPlaceholders('[NAME] $name', 'Dear $name, [Name]')).toEqual(['[NAME]'])
    expect(missingPlaceholders('{{ a | upper }} {% if b %}', '{% if   b %} {{a}}')).toEqual([])
  })

  it('of a text are never missing in it, whatever stands around them', () => {
    const words = fc
      .string({ unit: 'grapheme-ascii', maxLength: 40 })
      .map((text) => text.replace(/[{}<>%$\\[\]()!:]/g, ''))
    const holders = ['{a}', '{{b}}', `${dollar}{c}`, '{% d %}', '<e f>', '[E F]', '$gh']
    const holder = fc.constantFrom(...holders)
    fc.assert(
      fc.property(fc.array(fc.tuple(words, holder)), words, (parts, end) => {
        const text = parts.map(([word, held]) => `${word} ${held} `).join('')
        expect(missingPlaceholders(text, `${end} ${text}${end}`)).toEqual([])
        const names = new Set(parts.map(([, held]) => held))
        expect(new Set(missingPlaceholders(text, end))).toEqual(names)
      }),
    )
  })
})

describe('a change of language', () => {
  const english = 'Decide whether the ticket is about shipping or billing, and answer politely.'
  it.each([
    ['Entscheide, ob es in der Anfrage um den Versand oder die Rechnung geht.', 'German'],
    ['Décide si la demande concerne la livraison ou la facturation.', 'French'],
    ['Decide si la solicitud trata del envío o de la facturación, y responde.', 'Spanish'],
    ['Определи, о чём обращение.', 'Cyrillic'],
    ['صنّف التذكرة حسب الموضوع', 'Arabic'],
    ['判断工单的类别。', 'Chinese or Japanese'],
  ])('is seen in %j', (other, name) => {
    expect(changedLanguage(english, other)).toContain(name)
    expect(changedLanguage(other, english)).toBeDefined()
  })

  it.each([
    'Decide what the ticket is about: shipping, billing or something else.',
    'Classify the ticket.',
    'Ja.',
    'SELECT * FROM orders WHERE id = {id}',
    '{"category": "shipping"}',
    '',
  ])('is not seen in %j', (other) => {
    expect(changedLanguage(english, other)).toBeUndefined()
  })
})

const text = (value: Json) => ({ value, schema: null })
const kinds = (present: Json, proposed: Json) =>
  marksOf(text(present), proposed).map(({ kind }) => kind)
const prompt =
  'Decide whether the ticket is about shipping or billing, and answer politely with {category}.'

describe('a value is marked', () => {
  it.each<[string, Json, Json, readonly string[]]>([
    ['for dropping most words', prompt, 'Answer with {category}.', ['drops']],
    [
      'for other words',
      prompt,
      'Poems about the sea come from {category}, oddly enough',
      ['drops'],
    ],
    ['for another short text', 'Classify the ticket.', 'Poems about seas', ['drops']],
    ['for growing', prompt, `${prompt} ${prompt} ${prompt}`, ['grows']],
    [
      'for another language',
      prompt,
      'Entscheide, ob es um Versand oder um Rechnungen geht, und antworte mit {category}.',
      ['drops', 'language'],
    ],
    [
      'for a lost placeholder',
      prompt,
      prompt.replace(' {category}', ' its category'),
      ['placeholders'],
    ],
    [
      'for a new one',
      prompt,
      prompt.replace('{category}', '{category} and {name}'),
      ['unknown-placeholders'],
    ],
    ['for emptying some of its texts', ['Hello', 'Bye'], ['Hello', ''], ['empties']],
    ['for losing all of them', ['Hello', 'Bye'], [], ['empties']],
    [
      'for what nobody sees',
      prompt,
      prompt.replace('politely', 'poli\u{E0041}tely\u202E'),
      ['invisible'],
    ],
    ['for a lost key', { a: 1, b: 2 }, { a: 1 }, ['keys']],
    ['for a lost key inside', { a: { b: true, c: 2 } }, { a: { c: 2 } }, ['keys']],
    ['for a lost key of all items', [{ q: 1, a: 2 }], [{ q: 1 }, { q: 3 }], ['keys']],
    ['for a renamed key', { limit: 5 }, { Limit: 5 }, ['keys']],
    ['for an object that became a list', { a: 1 }, [1], ['keys']],
    ['in an object', { system: prompt, n: 1 }, { system: 'Answer {category}.', n: 2 }, ['drops']],
  ])('%s', (_why, present, proposed, expected) => {
    expect(kinds(present, proposed)).toEqual(expected)
  })

  it.each<[string, Json, Json]>([
    ['small changes', prompt, prompt.replace('politely', 'politely, by name,')],
    ['short texts that are replaced', 'Hello', 'Dear customer'],
    ['short texts that grow', 'Hi', 'Good day, dear customer, and thank you for your letter'],
    ['what was empty', '', prompt],
    ['numbers', 1, 1000],
    ['truths', true, false],
    ['keys that are new, or moved', { a: 1, b: { c: 2 } }, { b: { c: 3, d: 4 }, a: 1, e: 5 }],
    ['fewer items', [{ q: 1 }, { q: 2 }], [{ q: 3 }]],
    ['emoji and joined letters', prompt, `${prompt} 👩‍👩‍👧 می‌خواهم`],
    [
      'code',
      'function f(x) { return "{x} of many words that are not kept" + x }',
      'function f(x) { return 1 }',
    ],
  ])('not for %s', (_why, present, proposed) => {
    expect(kinds(present, proposed)).toEqual([])
  })

  it('with the outermost of the keys that are lost', () => {
    const [mark] = marksOf(text({ a: { b: { c: 1 } }, d: [{ e: 1, f: 2 }], g: 1 }), {
      d: [{ e: 1 }],
    })
    expect(mark?.detail).toBe('It loses the keys a, d[].f, g.')
  })

  it('never where nothing changes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json: Json = JSON.parse(JSON.stringify(value))
        expect(kinds(json, json)).toEqual([])
        expect(changesNothing(text(json), json)).toBe(true)
      }),
    )
  })
})

describe('white space', () => {
  it.each<[Json, Json, boolean]>([
    ['Hello there', ' Hello\n\nthere\t', true],
    ['Hello there', 'Hellothere', false],
    [{ a: 'x y' }, { a: 'x  y ' }, true],
    [['\n\n', ' '], ['\n', ' '], false],
    ['\n', ', ', false],
    ['function f() { return 1 }', 'function f() { return  1 }', false],
  ])('alone changes %j into %j: nothing new is %s', (present, proposed, same) => {
    expect(changesNothing(text(present), proposed)).toBe(same)
  })
})

describe('an empty text', () => {
  it.each<[Json, Json, Json, boolean]>([
    ['Hello', null, '', true],
    ['Hello', null, ' \n\u00A0\u200B\uFEFF', true],
    ['Hello', { type: 'string', enum: ['', 'Hello'] }, '', false],
    ['', null, ' ', true],
    ['\n', null, ' ', false],
    ['\n', null, '', true],
    ['Hello', null, '-', false],
    [0, null, 0, false],
    [['a'], null, [], false],
  ])('is known: from %j with schema %j to %j: %s', (value, schema, proposed, empty) => {
    expect(isEmptyText({ value, schema }, proposed)).toBe(empty)
  })
})
