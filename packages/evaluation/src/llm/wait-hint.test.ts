import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { failureOf } from './failure.ts'
import { openaiTransport } from './openai.ts'
import { retryDelay } from './retry.ts'
import { resetInHeaders, waitInError, waitInHeaders, waitInWords } from './wait-hint.ts'

const now = Date.UTC(2026, 10, 27, 10, 0, 0)

describe('a wait that an endpoint asks for', () => {
  it.each([
    ['Rate limit reached on requests per min. Please try again in 20s. Visit the site.', 20_000],
    ['Limit 30000, Used 28000, Requested 5000. Please try again in 1.5s.', 1500],
    ['Please try again in 372ms.', 372],
    ['Please try again in 1m30s.', 90_000],
    ['Please try again in 7m12.48s. Need more tokens?', 432_480],
    ['Please try again in 1h2m3s', 3_723_000],
    ['Please try again in 1d2h.', 93_600_000],
    ['Requests have exceeded the limit. Please retry after 20 seconds. Please go here', 20_000],
    ['Please retry after 1 minute and 5 seconds', 65_000],
    ['Please retry in 36.519862135s.', 36_520],
    ['You exceeded your quota; it will reset after 11h22m.', 40_920_000],
    ['Too many requests, please wait 2 minutes', 120_000],
    ['Please wait a minute and ask again', 60_000],
    ['The model is overloaded and will be available in 30 secs', 30_000],
    ['Retry-After: 20', 20_000],
    ['Please retry after 20.', 20_000],
    ['retry_delay {\n  seconds: 27\n}', 27_000],
    ['Limit resets at: 2026-11-27 10:00:30 UTC', 30_000],
    ['Try again at 2026-11-27T11:00:30+01:00', 30_000],
    ['Rate limit reached (TPM): Limit 30000, Used 29000.', undefined],
    ['Try again later.', undefined],
    ['Please retry after 5 attempts.', undefined],
    ['Retry after 5% of users are back', undefined],
    ['The server is busy. 20 s is the average answer time.', undefined],
    ['You may send 60 requests in 1 minute.', undefined],
    ['Try again at 2020-01-01T00:00:00Z', undefined],
    ['Try again in 99999999 days', undefined],
  ])('is read in the words %j', (text, expected) => {
    expect(waitInWords(text, now)).toBe(expected)
  })

  it.each([
    [{ details: [{ '@type': 'a/google.rpc.RetryInfo', retryDelay: '37s' }] }, 37_000],
    [[{ error: { code: 429, details: [{}, { retryDelay: '36.519862135s' }] } }], 36_520],
    [{ details: [{ retryDelay: { seconds: '12', nanos: 5 } }] }, 12_000],
    [{ error: { retry_after: 8 } }, 8000],
    [{ error: { retry_after_ms: 250 } }, 250],
    [{ retryAfterSeconds: '3' }, 3000],
    [{ metadata: { raw: '{"error":{"retry_after":4.5}}' } }, 4500],
    [{ metadata: { headers: { 'X-RateLimit-Reset': String(now + 9000) } } }, 9000],
    [{ retryDelay: 'soon', retry_after: -5 }, undefined],
    [{ retries: 5, delay: 3, message: 'wait' }, undefined],
    ['no object', undefined],
  ])('is read in the members of an error %j', (error, expected) => {
    expect(waitInError(error, now)).toBe(expected)
  })

  it.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'Retry-After-Ms': '1500', 'retry-after': '2' }, 1500],
    [{ 'retry-after': 'Fri, 27 Nov 2026 10:01:00 GMT' }, 60_000],
    [{ 'retry-after': '1m' }, 60_000],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '1e30' }, undefined],
    [{ 'retry-after': 'later' }, undefined],
  ])('is read in the headers %j', (headers, expected) => {
    expect(waitInHeaders(headers, now)).toBe(expected)
    expect(waitInHeaders(new Headers(headers), now)).toBe(expected)
  })

  it.each([
    [{ 'x-ratelimit-reset': '30' }, 30_000],
    [{ 'x-ratelimit-reset': String(now / 1000 + 30) }, 30_000],
    [{ 'x-ratelimit-reset': String(now + 30_000) }, 30_000],
    [{ 'x-ratelimit-reset-ms': '700' }, 700],
    [{ 'x-ratelimit-reset-requests': '120000' }, 120_000],
    [{ 'x-ratelimit-reset-after': '1.5' }, 1500],
    [{ 'x-ratelimit-reset-tokens': '1m30s' }, 90_000],
    [{ 'x-rate-limit-reset': '12ms' }, 12],
    [{ 'anthropic-ratelimit-requests-reset': '2026-11-27T10:00:45Z' }, 45_000],
    [{ 'ratelimitbysize-reset': '21' }, 21_000],
    [{ 'ratelimit-reset': '50' }, 50_000],
    [{ ratelimit: 'limit=100, remaining=0, reset=50' }, 50_000],
    [{ ratelimit: '"default";r=0;t=7' }, 7000],
    [
      {
        'x-ratelimit-remaining-requests': '14000',
        'x-ratelimit-reset-requests': '8.64s',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '20s',
      },
      20_000,
    ],
    [{ 'x-ratelimit-reset-requests': '2s', 'x-ratelimit-reset-tokens': '40s' }, 2000],
    [{ 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0' }, undefined],
    [{ 'x-ratelimit-reset': String(now / 1000 - 30) }, undefined],
  ])('is read in headers that tell of limits: %j', (headers, expected) => {
    expect(resetInHeaders(headers, now)).toBe(expected)
    expect(resetInHeaders(new Headers(headers), now)).toBe(expected)
  })

  it('is never a time that cannot be', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.json()), (text) => {
        const waits = [
          waitInWords(`Please try again in ${text}`, now),
          waitInHeaders({ 'retry-after': text }, now),
          resetInHeaders({ 'x-ratelimit-reset': text }, now),
          waitInError({ retryDelay: text, details: text }, now),
        ]
        for (const wait of waits) {
          if (wait === undefined) continue
          expect(Number.isInteger(wait) && wait > 0).toBe(true)
          expect(Number.isNaN(new Date(now + wait).getTime())).toBe(false)
        }
      }),
    )
  })
})

describe('a call that an endpoint puts off', () => {
  const refused = async (status: number, body: unknown, headers: Record<string, string> = {}) => {
    const fetch = async () => new Response(JSON.stringify(body), { status, headers })
    const client = new OpenAI({
      baseURL: 'http://model.test/v1',
      apiKey: 'none',
      maxRetries: 0,
      fetch,
    })
    const transport = openaiTransport(client)
    const thrown: unknown = await transport({
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
    }).catch((error) => error)
    if (!(thrown instanceof Error)) throw new Error('It was answered.')
    return { error: thrown, failure: failureOf(thrown.cause) }
  }
  it.each([
    ['by its words', { error: { message: 'Please try again in 90s.' } }, {}],
    [
      'by a member of the error',
      { error: { message: 'Quota exceeded', details: [{ retryDelay: '90s' }] } },
      {},
    ],
    [
      'by a quota that comes back',
      { error: { message: 'You exceeded your current quota. Please retry in 90s.' } },
      {},
    ],
    ['by a limit', { error: { message: 'Too fast' } }, { 'x-ratelimit-reset-tokens': '1m30s' }],
  ])('is told when it may go on, %s', async (_how, body, headers) => {
    const { error, failure } = await refused(429, body, headers)
    expect(error).toMatchObject({
      code: 'T2_MODEL_RATE',
      message: expect.stringMatching(/again in 90 seconds, at .*\d\d:\d\d:\d\d/),
    })
    // Longer than a call waits by itself.
    expect(retryDelay(failure, 0)).toBeUndefined()
  })

  it('waits as long as it is told to', async () => {
    const { failure } = await refused(429, { error: { message: 'Please try again in 20s.' } })
    expect(retryDelay(failure, 0)).toBe(20_000)
  })

  it('for another reason does not wait until a limit is renewed', async () => {
    const headers = { 'x-ratelimit-reset-tokens': '40s', 'x-ratelimit-remaining-tokens': '100' }
    const { failure } = await refused(500, { error: { message: 'boom' } }, headers)
    expect(retryDelay(failure, 0)).toBeLessThanOrEqual(500)
  })
})
