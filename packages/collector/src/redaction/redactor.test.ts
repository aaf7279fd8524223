import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { presets } from './presets/index.ts'
import { Redactor } from './redactor.ts'
import type { RedactionRule } from './rules.ts'

const key = 'a-key-that-nobody-knows'
const redactor = (...rules: RedactionRule[]) => new Redactor({ key, rules })
const email: RedactionRule = { name: 'email', preset: 'email' }

describe('a pattern', () => {
  it('is taken out wherever it stands, and equal values stay equal', () => {
    const r = redactor(email)
    const text = r.text('From bob@x.org 😀 to eve@x.org, cc bob@x.org.')
    const [first, second, third] = text.match(/\[redacted:email:[0-9a-f]{16}\]/g) ?? []
    expect(text).toBe(`From ${first} 😀 to ${second}, cc ${third}.`)
    expect(first).toBe(third)
    expect(first).not.toBe(second)
  })

  it('is replaced differently under another key', () => {
    const other = new Redactor({ key: 'another-key-of-length', rules: [email] })
    expect(other.text('bob@x.org')).not.toBe(redactor(email).text('bob@x.org'))
  })

  it.each([
    ['JSON', '{"to":["bob@x.org"]}'],
    ['JSON with escapes', '{"to":"bob\\u0040x.org"}'],
    ['JSON in JSON', JSON.stringify({ args: JSON.stringify({ to: 'bob@x.org' }) })],
    ['a name', '{"bob@x.org":1}'],
  ])('is found in %s, which stays JSON', (_where, text) => {
    const redacted = redactor(email).text(text)
    expect(redacted).not.toMatch(/bob/)
    expect(redacted).toContain('[redacted:email:')
    expect(JSON.parse(redacted)).toBeTypeOf('object')
  })

  it('is found in numbers, lists, maps and bytes', () => {
    const r = redactor({ name: 'card', preset: 'credit-card' })
    const value = r.value(
      new Map<string, bigint | Uint8Array | string[]>([
        ['number', 4111111111111111n],
        ['bytes', Buffer.from('4111 1111 1111 1111')],
        ['list', ['4111-1111-1111-1111', '4111 1111 1111 1112']],
      ]),
    )
    expect(JSON.stringify([...(value instanceof Map ? value.values() : [])])).toMatch(
      /^\["\[redacted:card:\w+\]","\[redacted:bytes:\w+\]",\["\[redacted:card:\w+\]","4111 1111 1111 1112"\]\]$/,
    )
    expect(r.text('{"score":0.4111111111111111}')).toBe('{"score":0.4111111111111111}')
  })

  it('does not look into what another has replaced', () => {
    const r = redactor(email, { name: 'hex', pattern: '[0-9a-f]{8,}|redacted' })
    expect(r.text('bob@x.org')).toMatch(/^\[redacted:email:[0-9a-f]{16}\]$/)
  })

  it('takes linear time, whatever it is and whoever sends the text', () => {
    const r = redactor({ name: 'nested', pattern: '(a+)+$|(a|aa)+b' })
    expect(r.text(`${'a'.repeat(100_000)}!`)).toBe(`${'a'.repeat(100_000)}!`)
  })

  it('gives up a text rather than its time or its secrecy', () => {
    const r = redactor({ name: 'again', pattern: 'a[^b]*b|a' })
    const redacted = r.text('a'.repeat(500_000))
    expect(redacted).toMatch(/\[redacted:too-long:[0-9a-f]{16}\]$/)
    expect(r.text('c'.repeat(2_000_000))).toMatch(/^\[redacted:too-long:[0-9a-f]{16}\]$/)
  })

  it.each([
    ['a lookahead', { name: 'x', pattern: 'a(?=b)' }],
    ['a backreference', { name: 'x', pattern: '(a)\\1' }],
    ['one that matches nothing at all', { name: 'x', pattern: 'a*' }],
    ['one that does not end', { name: 'x', pattern: '(' }],
    ['one that is too long', { name: 'x', pattern: 'a'.repeat(3000) }],
    ['a name that is none', { name: 'x y', pattern: 'a' }],
    ['two things at once', { name: 'x', pattern: 'a', keys: ['b'] }],
  ])('is refused with its rule: %s', (_what, rule) => {
    expect(() => redactor(rule)).toThrowError(expect.objectContaining({ code: 'T2_CONFIG' }))
  })
})

describe('a key', () => {
  const r = redactor({ name: 'secret', keys: ['password', 'http.*.authorization'] })

  it('hides what stands under it, in attributes and at any depth of JSON', () => {
    expect(r.named('http.request.header.authorization', ['Bearer x'])).toMatch(
      /^\[redacted:secret:/,
    )
    expect(r.named('db.Password', 'x')).toMatch(/^\[redacted:secret:/)
    expect(r.text('{"a":[{"PASSWORD" : {"b":1}, "c":2}]}')).toMatch(
      /^\{"a":\[\{"PASSWORD" : "\[redacted:secret:\w+\]", "c":2\}\]\}$/,
    )
    expect(r.named('passwords', 'x')).toBe('x')
  })

  it('gives one replacement for one value, however it is written', () => {
    const inJson: { password: string } = JSON.parse(r.text('{"password":"hunter2"}'))
    expect(inJson.password).toBe(r.named('password', 'hunter2'))
  })

  it('hides the whole of a JSON text that was cut', () => {
    expect(r.text('{"user":"bob","password":"hunt…')).toMatch(/^\[redacted:secret:\w+\]$/)
  })
})

it.each(Object.entries(presets))('has a sign in whatever the preset %s matches', (_, preset) => {
  const { expression, sign } = preset
  const words = [
    'sk',
    'ghp_',
    'AIza',
    'Bearer ',
    'bearer ',
    'eyJ',
    '@',
    '+',
    '-',
    '.',
    ' ',
    '_',
    '/',
  ]
  const pieces = fc.oneof(
    fc.constantFrom(...words),
    fc.stringMatching(/^\d{1,4}$/),
    fc.stringMatching(/^[A-Za-z0-9]{1,9}$/),
  )
  const matching = RE2JS.compile(expression)
  const text = fc.array(pieces, { maxLength: 12 }).map((some) => some.join(''))
  fc.assert(
    fc.property(text, (one) => sign.test(one) || !matching.test(one)),
    { numRuns: 2000 },
  )
})

it('finds what its presets are named for', () => {
  const examples: Readonly<Record<keyof typeof presets, readonly [string, string]>> = {
    email: ['bob.lee+x@mail.example.co.uk', 'bob at example'],
    'credit-card': ['4111 1111 1111 1111', '4111 1111 1111 1112'],
    phone: ['+44 20 7946 0958', '2026-11-23'],
    ipv4: ['192.168.0.255', '1.2.3'],
    jwt: ['eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4', 'eyJ.a.b'],
    'api-key': ['sk-proj-abcdefghijklmnop1234', 'skating'],
    'us-ssn': ['078-05-1120', '078-051-120'],
  }
  for (const name of Object.keys(examples) as (keyof typeof presets)[]) {
    const r = redactor({ name: 'found', preset: name })
    expect(r.text(examples[name][0])).toMatch(/^\[redacted:found:\w+\]$/)
    expect(r.text(examples[name][1])).toBe(examples[name][1])
  }
})
