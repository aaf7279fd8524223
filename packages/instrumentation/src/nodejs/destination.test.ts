import { expect, test } from 'vitest'
import { destinationOf } from './destination.ts'

test.each<[string, string | undefined, Record<string, string>, string]>([
  ['nothing', undefined, {}, 'http://localhost:4318/v1/traces'],
  ['an endpoint', 'http://a:1/', {}, 'http://a:1/v1/traces'],
  [
    'the variable for all signals',
    undefined,
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://b:2/base/' },
    'http://b:2/base/v1/traces',
  ],
  [
    'the variable for traces, as it stands',
    undefined,
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://b:2',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:3/in',
    },
    'http://c:3/in',
  ],
  [
    'an endpoint before any variable',
    'http://a:1',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://b:2',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:3/in',
    },
    'http://a:1/v1/traces',
  ],
  [
    'an empty variable as none',
    undefined,
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    'http://localhost:4318/v1/traces',
  ],
])('the address comes from %s', (_what, endpoint, environment, url) => {
  expect(destinationOf(endpoint, environment).url).toBe(url)
})

test('the variable for traces outranks that for all signals; what makes no sense is left out', () => {
  const destination = destinationOf(undefined, {
    OTEL_EXPORTER_OTLP_TIMEOUT: '250',
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'soon',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such/file',
  })
  expect(destination).toEqual({
    url: 'http://localhost:4318/v1/traces',
    timeoutMs: 10_000,
    tls: {},
  })
})
