import { context, type DiagLogger, diag, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  NodeTracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { valueHash } from '@trace2/core'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundle, configureContent, feedback, Node, node, parameter, run, t } from '../index.ts'
import { edgesOf, inputsOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())
afterEach(() => configureContent({ captureContent: true, mask: undefined, maxValueLength: 65_536 }))

const make = bundle('guest-make', (n: number) => ({ text: `made number ${n}` }))
const use = bundle('guest-use', (input: unknown) => input)

describe('content', () => {
  test('can be switched off: hashes and edges stay, values do not', () => {
    configureContent({ captureContent: false })
    run('guest-run', (secret: string) => use({ wrapped: make(1), secret }))('my secret is safe')
    const text = JSON.stringify(recorded.spans().map((span) => [span.attributes, span.events]))
    expect(text).not.toContain('my secret is safe')
    expect(text).not.toContain('made number')
    const span = spanOf(recorded.spans(), 'guest-make')
    expect(span.attributes['trace2.output.hash']).toBe(valueHash({ text: 'made number 1' }))
    expect(span.attributes['input.value']).toBe('{}')
    expect(edgesOf(recorded.spans(), 'guest-use')).toEqual(['input=guest-make!identity'])
  })

  test('an error says nothing of it either', () => {
    configureContent({ captureContent: false })
    const fails = bundle('guest-fails', (secret: string) => {
      throw new Error(`cannot use ${secret}`)
    })
    expect(() => fails('4711-0815')).toThrow()
    const { attributes, events, status } = spanOf(recorded.spans(), 'guest-fails')
    expect(JSON.stringify([attributes, events, status])).not.toContain('4711-0815')
  })

  test('is masked before it leaves the process, by role and direction', () => {
    configureContent({
      mask: (value, { role, direction }) => {
        if (role === 'email') return undefined
        return direction === 'output' ? 'masked' : value
      },
    })
    const send = bundle('guest-send', (email: string, text: string) => `${email}: ${text}`)
    expect(send('ann@example.com', 'hello')).toBe('ann@example.com: hello')
    const { attributes } = spanOf(recorded.spans(), 'guest-send')
    expect(attributes['input.value']).toBe('{"text":"hello"}')
    expect(attributes['trace2.input.hash.email']).toBe(valueHash('ann@example.com'))
    expect(attributes['output.value']).toBe('masked')
  })

  test('past the cap is cut and marked, and its whole hash is kept', () => {
    configureContent({ maxValueLength: 20 })
    const long = 'a long text that goes on and on'
    bundle('guest-long', (input: string) => input)(long)
    const { attributes } = spanOf(recorded.spans(), 'guest-long')
    expect(attributes['input.value']).toBe('{"input":"a long text that go…"}')
    expect(attributes['trace2.input.hash.input']).toBe(valueHash(long))
    expect(attributes['output.value']).toBe('a long text that go…')
    expect(attributes['trace2.output.hash']).toBe(valueHash(long))
  })

  test('of any kind is captured without breaking the call', () => {
    const loop: { self?: unknown } = {}
    loop.self = loop
    const odd = [
      loop,
      10n,
      Symbol('x'),
      () => 1,
      new Uint8Array(4),
      new Map([['a', 1]]),
      {
        get broken() {
          throw new Error('getter')
        },
      },
      {
        toJSON: () => {
          throw new Error('toJSON')
        },
      },
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('proxy')
          },
        },
      ),
      Number.NaN,
      '\ud800',
      null,
      undefined,
    ]
    for (const value of odd) expect(use(value)).toBe(value)
    expect(recorded.spans()).toHaveLength(odd.length)
  })
})

describe('the SDK', () => {
  test('may limit links: the edges survive in trace2.inputs', () => {
    const gather = bundle('guest-gather', (parts: readonly unknown[]) => parts.length)
    run('guest-run', () => gather(Array.from({ length: 200 }, (_, index) => make(index))))()
    const span = spanOf(recorded.spans(), 'guest-gather')
    expect(inputsOf(span)).toHaveLength(200)
    expect(span.links).toHaveLength(128)
  })

  test('may be told to be silent', () => {
    context.with(suppressTracing(context.active()), () =>
      expect(make(1)).toEqual({ text: 'made number 1' }),
    )
    expect(recorded.spans()).toEqual([])
  })

  test('has the foreign span around a call as its parent, and calls in it know one another', () => {
    trace.getTracer('foreign').startActiveSpan('request', (span) => {
      use(make(1))
      span.end()
    })
    expect(edgesOf(recorded.spans(), 'guest-use')).toEqual(['input=guest-make!identity'])
    const parent = recorded.spans().find(({ name }) => name === 'request')
    expect(spanOf(recorded.spans(), 'guest-use').parentSpanContext?.spanId).toBe(
      parent?.spanContext().spanId,
    )
  })
})

describe('sampling', () => {
  test('of nothing leaves the program as it is', async () => {
    trace.disable()
    const provider = new NodeTracerProvider({ sampler: new AlwaysOffSampler() })
    provider.register()
    try {
      const agent = run('guest-run', async (n: number) => use(make(n)))
      await expect(agent(3)).resolves.toEqual({ text: 'made number 3' })
      const handle = make.node(1)
      expect([handle.traceId, handle.spanId]).toEqual([undefined, undefined])
    } finally {
      await provider.shutdown()
      trace.disable()
      trace.setGlobalTracerProvider(recorded.provider)
    }
  })

  test('of some runs leaves no edge to a span that was never sent', async () => {
    trace.disable()
    const sampled = recordSpans({ sampler: new TraceIdRatioBasedSampler(0.5) })
    const shared = make.node(0)
    for (let count = 0; count < 50; count++) run('guest-run', () => use([make(count), shared]))()
    const ids = new Set(sampled.spans().map((span) => span.spanContext().spanId))
    expect(ids.size).toBeGreaterThan(0)
    for (const span of sampled.spans()) {
      for (const { origin } of inputsOf(span)) {
        if (origin.kind === 'span') expect(ids).toContain(origin.spanId)
      }
    }
    await sampled.stop()
    trace.setGlobalTracerProvider(recorded.provider)
  })
})

describe('without a provider', () => {
  beforeEach(() => trace.disable())
  afterEach(() => trace.setGlobalTracerProvider(recorded.provider))

  test('a bundle is its function, and handles are still values', async () => {
    const limit = parameter('guest.limit', 5)
    const check = bundle('guest-check', (n: number, max: number) => n < max)
    expect(check(node(3), limit)).toBe(true)
    expect(check.node(7, limit)).toBeInstanceOf(Node)
    expect((await bundle(async () => 'x').node()).value).toBe('x')
    expect(t`at most ${limit}`).toBe('at most 5')
    expect(use({ inside: limit })).toEqual({ inside: 5 })
    feedback('nobody listens', { name: 'x', score: 1 })
  })
})

test('a rejection that nobody handles stays one', async () => {
  const reasons: unknown[] = []
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => reasons.push(reason))
  const lost = new Error('lost')
  void bundle('guest-lost', async () => {
    throw lost
  })()
  await new Promise((done) => setTimeout(done, 10))
  process.removeAllListeners('unhandledRejection')
  for (const listener of listeners) process.on('unhandledRejection', listener)
  expect(reasons).toEqual([lost])
})

test('feedback that cannot be recorded is reported, not thrown', () => {
  const errors: string[] = []
  const ignore = () => undefined
  const logger: DiagLogger = {
    error: ignore,
    warn: (message) => errors.push(message),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  }
  diag.setLogger(logger, { suppressOverrideMessage: true })
  feedback('a text that nobody produced', { name: 'x', score: 1 })
  feedback({ traceId: 'zz' }, { name: 'x', score: 1 })
  feedback('0'.repeat(32), { name: 'x' })
  diag.disable()
  expect(errors.map((message) => message.split(':')[0])).toEqual([
    'T2_FEEDBACK_TARGET',
    'T2_FEEDBACK_TARGET',
    'T2_FEEDBACK_EMPTY',
  ])
})
