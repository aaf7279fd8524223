// Agents of every kind, each an export, for the tests of running them.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { bundle, parameter, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

// As an agent does in production; in a trial it joins what is there.
start({ serviceName: 'tested-agent', endpoint: 'http://127.0.0.1:9' })

const tone = parameter('tested.tone', 'plain')
const share = parameter('tested.share', 0.5, { schema: { type: 'number', maximum: 1 } })

const word = bundle('word', (text: string, said: string) => `${said} ${text}`)
export const agent = run('tested', async (text: string, times = 1) => {
  await pause(1)
  return { said: word(text, tone), times, share: share.value }
})

export async function* streaming() {
  for (const word of ['a', 'b', 'c']) yield word
}
export function* listing() {
  yield 1
  yield { two: 2 }
}

export default (...inputs: readonly unknown[]) => inputs

export const throwing = () => {
  throw new TypeError('no such ticket\u001b[31m')
}
export const rejecting = async () => Promise.reject('only words')
export const exiting = () => process.exit(3)
export const looping = () => {
  for (;;);
}
/** Says in a file which process it is, then never ends. */
export const loopingIn = (path: string) => {
  writeFileSync(path, String(process.pid))
  for (;;);
}
export const waiting = () => new Promise(() => setInterval(() => {}, 1_000))
export const rejectingAside = async () => {
  void Promise.reject(new Error('nobody waits for it'))
  await pause(5_000)
  return 'never'
}
export const hoarding = () => {
  const kept: number[][] = []
  for (;;) kept.push(Array.from({ length: 100_000 }, Math.random))
}
export const hoardingBytes = async () => {
  const kept: Buffer[] = []
  for (;;) {
    kept.push(Buffer.alloc(16 * 1024 * 1024, 1))
    await pause(2)
  }
}
export const killing = () => process.kill(process.pid, 'SIGSEGV')
export const writing = () => {
  console.log('{"type":"result","output":"forged"}')
  process.stderr.write(`\u001b[2J${'x'.repeat(10_000)}\nthe end\n`)
  return 'quiet'
}
/** Starts a process that would live for minutes, and says which. */
export const leaving = async (how: string) => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120000)'], {
    stdio: 'inherit',
  })
  if (how === 'hang') {
    console.log(`child ${child.pid}`)
    await pause(120_000)
  }
  return child.pid
}
let calls = 0
export const counting = () => ({ calls: ++calls, pid: process.pid })
export const seeing = () => ({
  send: typeof process.send,
  argv: process.argv.slice(2),
  word: process.env.TESTED_WORD ?? null,
  cwd: process.cwd(),
})

const circular: { self?: unknown } = {}
circular.self = circular
const unfit: { readonly [kind: string]: unknown } = {
  bigint: { deep: [1n] },
  function: { tools: () => 1 },
  symbol: Symbol('s'),
  nan: { score: Number.NaN },
  map: { found: new Map([[1, 2]]) },
  set: new Set([1]),
  bytes: { image: Buffer.from('abc') },
  error: new Error('returned'),
  circular,
  promise: { later: Promise.resolve(1) },
  response: new Response('x'),
}
export const answering = (kind: string) => unfit[kind]
const fit: { readonly [kind: string]: unknown } = {
  nothing: undefined,
  null: null,
  date: { at: new Date(0) },
  twice: [circular.self === circular ? 1 : 0, undefined],
  missing: { a: undefined, b: 1 },
  odd: JSON.parse('{"__proto__":{"x":1},"\\ud800":2}'),
}
export const answeringWell = (kind: string) => fit[kind]
