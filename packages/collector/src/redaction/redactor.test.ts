import { describe, expect, it } from 'vitest'
import { type PresetName, presets } from './presets/index.ts'
import { Redactor } from './redactor.ts'
import type { RedactionRule } from './rules.ts'

const key = 'a-key-that-nobody-knows'
const redactor = (...rules: RedactionRule[]) => new Redactor({ key, rules })
const presetNames = Object.keys(presets) as PresetName[]
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

it('finds what its presets are named for', () => {
  const examples: Readonly<Record<PresetName, readonly [string, string]>> = {
    email: ['bob.lee+x@mail.example.co.uk', 'bob at example'],
    'credit-card': ['4111 1111 1111 1111', '4111 1111 1111 1112'],
    phone: ['+44 20 7946 0958', '2026-11-23'],
    ipv4: ['192.168.0.255', '1.2.3'],
    ipv6: ['2001:db8::8a2e:370:7334', '10:30:45'],
    'mac-address': ['00:1b:63:84:45:e6', '00:1b:63:84:45'],
    iban: ['DE89 3704 0044 0532 0130 00', 'DE89 3704 0044 0532 0130 01'],
    jwt: ['eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4', 'eyJ.a.b'],
    'api-key': ['sk-proj-abcdefghijklmnop1234', 'skating'],
    'private-key': ['-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----', 'PRIVATE KEY'],
    secret: ['hunter2', ''],
    'us-ssn': ['078-05-1120', '078-051-120'],
  }
  for (const name of presetNames) {
    if (name === 'secret') continue
    const r = redactor({ name: 'found', preset: name })
    expect(r.text(examples[name][0])).toMatch(/^\[redacted:found:\w+\]$/)
    expect(r.text(examples[name][1])).toBe(examples[name][1])
  }
  const secret = redactor({ name: 'found', preset: 'secret' })
  expect(secret.text('password=hunter2')).toMatch(/^password=\[redacted:found:\w+\]$/)
  expect(secret.named('db.password', 'hunter2')).toMatch(/^\[redacted:found:\w+\]$/)
  expect(secret.text('{"max_tokens":500}')).toBe('{"max_tokens":500}')
})

it('takes all presets in one rule, each under a name of its own', () => {
  const r = redactor({ name: 'private', preset: 'all' })
  expect(r.text('bob@x.org')).toMatch(/^\[redacted:private-email:\w{16}\]$/)
  expect(r.text('DE89 3704 0044 0532 0130 00')).toMatch(/^\[redacted:private-iban:\w{16}\]$/)
})

it('takes credentials from values of parameters, and what belongs to people only if told', () => {
  const r = redactor({ name: 'private', preset: 'all' })
  expect(r.parameterText('Write to help@shop.example.')).toBe('Write to help@shop.example.')
  expect(r.parameterText(`Use ghp_${'a1'.repeat(18)}.`)).toMatch(/^Use \[redacted:private-api-key:/)
})

it('gives a name as the replacement of a name', () => {
  const r = redactor({ name: 'key', preset: 'api-key' })
  expect(r.identifier('agent.prompt')).toBe('agent.prompt')
  expect(r.identifier(`ghp_${'a1'.repeat(18)}`)).toMatch(/^redacted-key-[0-9a-f]{16}$/)
})

describe('the time of a request', () => {
  it('is for all its texts: the rest is replaced as a whole, and counted', () => {
    const r = redactor({ name: 'again', pattern: 'a[^b]*b|a' })
    const request = r.forRequest(0)
    const slow = (n: number) => request.text('a'.repeat(100_000 + n))
    for (let n = 0; n < 50 && r.unread < 12; n++) slow(n)
    const before = r.unread
    expect(before).toBeGreaterThanOrEqual(12)
    expect(request.text('a harmless text')).toMatch(/^\[redacted:too-long:\w{16}\]$/)
    expect(request.value(new Map([['n', 'another']]))).toEqual(
      new Map([[expect.stringContaining('[redacted:'), expect.stringContaining('[redacted:')]]),
    )
    expect(r.unread).toBe(before + 3)
    expect(r.forRequest(0).text('c')).toBe('c')
  })
})

describe('the time for a text grows with its length', () => {
  const hostile = [
    '1',
    '1 ',
    '4 1',
    '+1 ',
    '(212) ',
    '0 1',
    '1.1.',
    'a:',
    '::1',
    '00:',
    'a@',
    'a@a.',
    'é@é.',
    '@',
    'DE1 ',
    'GB12 ',
    'eyJ',
    'eyJa.',
    'sk-',
    'SG.',
    'SG.a',
    'xox',
    'M0.',
    '/a',
    '=',
    '==',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN A',
    'password',
    'password=',
    'pw:"',
    'pw:this.',
    'token ',
    '"token","',
    'secret is ',
    'cookie: ',
    'a://',
    'a://b:',
    '?sig=',
    '&k=a',
    'mysql -',
    '-u a:',
    'basic ',
    '%41',
    '%',
    '\\',
    '\\u0041',
    '\\"',
    '&#64;',
    '&amp;',
    '\u200b',
    '\uff11',
    '\u0661 ',
    '[at] ',
    '[at]a[dot]',
    'QUJD',
    '41',
    'QUJD\n',
    '{"',
    '{"a":',
    '["a",',
    '"kty"',
    'hooks.slack.com/',
    'a.webhook.office.com',
    '\u3000',
    'пароль ',
    'x',
  ]
  const all = redactor({ name: 'private', preset: 'all' })
  /** The least of some measurements, in microseconds of processor time. */
  const costOf = (piece: string, length: number): number => {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
    const costs = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage()
      all.text(text)
      const { user, system } = process.cpuUsage(before)
      return user + system
    })
    return Math.min(...costs)
  }

  it.each(hostile)('of %j', (piece) => {
    const [short, long] = [costOf(piece, 10_000), costOf(piece, 80_000)]
    // Eight times the length: a square would be 64 times the work. What takes next to nothing says nothing.
    expect(long < 40_000 || long < short * 24, `${short} µs, then ${long} µs`).toBe(true)
  })
})
