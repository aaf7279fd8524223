import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runChild } from './testing/child.ts'
import { startReceiver } from './testing/receiver.ts'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const own = (path: string) => JSON.stringify(join(packageFolder, 'dist', path))
let directory: string
let copy: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-copies-'))
  copy = join(directory, 'copy')
  await mkdir(copy)
  await cp(join(packageFolder, 'dist'), join(copy, 'dist'), { recursive: true })
  await cp(join(packageFolder, 'package.json'), join(copy, 'package.json'))
  for (const name of ['core', 'source']) {
    const own = join(copy, 'node_modules/@trace2', name)
    for (const part of ['dist', 'package.json']) {
      await cp(join(packageFolder, '..', name, part), join(own, part), { recursive: true })
    }
  }
  const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
  await symlink(modules, join(directory, 'node_modules'))
})
afterAll(() => rm(directory, { recursive: true }))

/** A program with one copy as `A` and another as `B`. */
async function withTwoCopies(body: string, env: Record<string, string> = {}) {
  const name = join(directory, `${crypto.randomUUID()}.mjs`)
  await writeFile(
    name,
    `import * as A from ${own('index.js')}
    import * as nodeA from ${own('nodejs/index.js')}
    const B = await import(${JSON.stringify(join(copy, 'dist/index.js'))})
    const nodeB = await import(${JSON.stringify(join(copy, 'dist/nodejs/index.js'))})
    if (A.bundle === B.bundle) throw new Error('one copy')
    ${body}`,
  )
  return runChild(directory, `await import(${JSON.stringify(name)})`, { env })
}

test('two copies in one process have one registry of parameters', async () => {
  const { stdout, stderr } = await withTwoCopies(`
    const system = B.parameter('two.system', 'from the code')
    console.log(A.parameter('two.system', 'from the code') === system, A.isParameter(system))
    A.setParameterValues(A.parseParameters({ trace2: 1, parameters: { 'two.system': { value: 'accepted' } } }))
    console.log(system.value, A.run('agent', () => system.value)(), B.run('agent', () => system.value)())
    A.parameter('two.system', 'from the code').update('updated')
    console.log(system.value)
    try { system.update(5) } catch (error) { console.log(error instanceof A.Trace2Error, error.code) }
    try { A.parameter('two.system', 'another') } catch (error) { console.log(error instanceof B.Trace2Error, error.code) }
    console.log(A.node(B.node('x')).value)`)
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual([
    'true true',
    'accepted accepted accepted',
    'updated',
    'true T2_PARAMETER_VALUE',
    'true T2_PARAMETER_DUPLICATE',
    'x',
  ])
})

test('two copies record one run, with its edges and settings, through one provider', async () => {
  const receiver = await startReceiver()
  const { stdout, stderr } = await withTwoCopies(
    `const tracing = nodeA.start({ endpoint: process.env.ENDPOINT, maxValueLength: 40 })
    console.log(nodeB.start() === tracing)
    const system = B.parameter('both.system', 'Classify the ticket, please.')
    const classify = B.bundle('classify', async (ticket, system) => ({ category: 'billing for ' + ticket }))
    const reply = A.bundle('reply', async (category, system) => A.t\`reply about \${category.category} \` + '-'.repeat(50))
    const agent = A.run('agent', async (ticket) => {
      const category = await classify(ticket, system)
      console.log(A.currentRun().traceId === B.currentRun().traceId)
      return reply(category, system)
    })
    await agent('ticket one')
    // Outside any run, and an error of one copy judged through the other.
    const made = B.bundle('make', () => ({ made: true }))()
    A.bundle('use', (object) => object)(made)
    const fails = B.bundle('fails', () => { throw new Error('no') })
    try { fails() } catch (error) { A.feedback(error, { name: 'thumb', score: 0 }) }
    await tracing.shutdown()`,
    { ENDPOINT: receiver.url },
  )
  await receiver.close()
  expect({ stdout, stderr }).toEqual({ stdout: 'true\ntrue\n', stderr: '' })
  const spans = receiver.spans()
  const find = (name: string) => spans.find((span) => span.name === name)
  const attributes = (name: string) => JSON.stringify(find(name)?.attributes)
  expect(find('classify')?.parentSpanId).toBe(find('agent')?.spanId)
  expect(attributes('classify')).toContain('system=param:both.system@')
  expect(attributes('reply')).toContain('system=param:both.system@')
  expect(attributes('reply')).toContain(`${find('classify')?.spanId}`)
  expect(attributes('reply')).toContain('trace2.output.hash')
  expect(attributes('use')).toContain(`${find('make')?.spanId}`)
  expect(find('feedback thumb')?.parentSpanId).toBe(find('fails')?.spanId)
})

test('copies of different layouts stay apart, and say so once', async () => {
  const { stdout, stderr } = await runChild(
    directory,
    `globalThis[Symbol.for('trace2.shared')].set(99, new Map())
    const { writeFileSync, readFileSync, cpSync } = await import('node:fs')
    cpSync('copy', 'other', { recursive: true })
    const file = 'other/node_modules/@trace2/core/dist/shared.js'
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('layout = 1', 'layout = 2'))
    const other = await import(process.cwd() + '/other/dist/index.js')
    await import(process.cwd() + '/other/dist/nodejs/index.js')
    const theirs = other.parameter('apart', 'theirs')
    const ours = parameter('apart', 'ours')
    console.log(theirs.value, ours.value, run('ours', () => other.run('theirs', () => theirs.value)())())`,
  )
  expect(stdout).toBe('theirs ours theirs\n')
  expect(stderr.match(/two versions of @trace2\/instrumentation/g)).toHaveLength(1)
})
