// A program that speaks the protocol of commands without any package; what it does is its argument.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [how, more] = process.argv.slice(2)
const { env } = process

async function sendSpan(traceId, parentSpanId, zipped) {
  const attributes = env.OTEL_RESOURCE_ATTRIBUTES.split(',').map((pair) => {
    const [key, value] = pair.split('=')
    return { key, value: { stringValue: decodeURIComponent(value) } }
  })
  const spans = [{ traceId, spanId: 'abcdefabcdefabcd', parentSpanId, name: 'from afar' }]
  const body = JSON.stringify({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }],
  })
  const { status } = await fetch(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body: zipped ? gzipSync(body) : body,
  })
  return status
}

const ways = {
  echo: () => {
    const given = JSON.parse(readFileSync(0, 'utf8'))
    const parameters = JSON.parse(readFileSync(env.TRACE2_PARAMETERS, 'utf8'))
    console.log('thinking …')
    console.log(JSON.stringify({ output: { given, parameters, word: env.TESTED_WORD } }))
  },
  variables: () => {
    const names = Object.keys(env).filter((name) => /^(OTEL_|TRACEPARENT$|no_proxy$)/i.test(name))
    console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, env[name]]))))
  },
  continue: async () => {
    const [, traceId, spanId] = env.TRACEPARENT.split('-')
    console.log(await sendSpan(traceId, spanId, more === 'gzip'))
  },
  ignore: async () =>
    console.log(await sendSpan('1234567890abcdef1234567890abcdef', undefined, false)),
  write: () => process.stdout.write(Buffer.from(more, 'base64')),
  fail: () => {
    console.error('Traceback\n\u001b[31mValueError: no such ticket\u001b[0m')
    process.exit(1)
  },
  signal: () => process.kill(process.pid, 'SIGSEGV'),
  hang: () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120000)'], {
      stdio: 'inherit',
    })
    console.error(`child ${child.pid}`)
    setInterval(() => {}, 1_000)
  },
  hoard: () => {
    const kept = []
    setInterval(() => kept.push(Buffer.alloc(32 * 1024 * 1024, 1)), 5)
  },
  flood: () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const more = () => process.stdout.write(chunk, more)
    more()
  },
}
await ways[how]()
