import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runChild } from '../testing/child.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-place-'))
})
afterAll(() => rm(directory, { recursive: true }))

const library = JSON.stringify(fileURLToPath(new URL('../../dist/index.js', import.meta.url)))

/** Runs a program that can write modules and evaluate them; each line it prints is one of the result. */
async function program(body: string, env: Record<string, string> = {}) {
  const { stdout, stderr } = await runChild(
    directory,
    `import { writeFileSync } from 'node:fs'
    import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    start({ endpoint: 'http://127.0.0.1:9' })
    const write = (file, text) => writeFileSync(file, text)
    const esm = (text) => 'import { bundle, parameter } from ' + ${JSON.stringify(library)} + '\\n' + text
    const cjs = (text) => 'const { bundle, parameter } = require(' + ${JSON.stringify(library)} + ')\\n' + text
    const turn = () => new Promise((done) => setTimeout(done))
    const tried = async (declare) => {
      try { await declare(); console.log('taken') } catch (error) { console.log(error.code, error.message) }
    }
    ${body}`,
    { env: { NODE_ENV: '', ...env } },
  )
  return {
    lines: stdout.trim().split('\n'),
    notices: stderr.match(/T2_PARAMETER\w+/g) ?? [],
    stderr,
  }
}

describe('a module that is evaluated again after an edit', () => {
  const evaluations = {
    'with a query, as Vite does': `
      const evaluate = async (text, time) => {
        write('a.mjs', esm('export const it = ' + text))
        return (await import(process.cwd() + '/a.mjs?t=' + time)).it
      }`,
    'from a cleared cache of require': `
      const evaluate = async (text) => {
        await turn()
        write('a.cjs', cjs('exports.it = ' + text))
        delete require.cache[require.resolve('./a.cjs')]
        return require('./a.cjs').it
      }`,
    'under its name by eval, as webpack does': `
      const evaluate = async (text) => {
        await turn()
        return new Function('parameter', 'bundle', 'return ' + text + '\\n//# sourceURL=webpack-internal:///./a.ts')(parameter, bundle)
      }`,
  }
  test.each(Object.entries(evaluations))(
    '%s takes the newer, once said',
    async (_how, evaluate) => {
      const { lines, notices, stderr } = await program(`${evaluate}
      const first = await evaluate("parameter('again.text', 'one')", 1)
      const same = await evaluate("parameter('again.text', 'one')", 2)
      const edited = await evaluate("parameter('again.text', 'two', { description: 'new' })", 3)
      console.log(first === same, first.value, edited.value, first.description)
      const moved = await evaluate("(0, \\n\\nparameter('again.text', 'three'))", 4)
      console.log(first.value, edited.value, moved.value, run('r', () => first.value)())
      const back = await evaluate("parameter('again.text', 'one')", 5)
      console.log(first.value, back.value)
      first.update('from outside')
      console.log(back.value)`)
      expect({ lines, stderr }).toEqual({
        lines: ['true two two new', 'three three three three', 'one one', 'from outside'],
        stderr: expect.stringContaining('again.text'),
      })
      expect(notices).toEqual(['T2_PARAMETER_REDECLARED'])
    },
  )

  test('takes the newer also in a function without a name that an edit has moved', async () => {
    const { lines, notices } = await program(`${Object.values(evaluations)[0]}
      const first = await evaluate("[() => parameter('moved', 'one')]", 1)
      const [one] = first.map((each) => each())
      await turn()
      write('a.mjs', esm('const added = 1\\nexport const it = [() => parameter("moved", "two")]'))
      const { it } = await import(process.cwd() + '/a.mjs?t=2')
      const [two] = it.map((each) => each())
      console.log(one === two, one.value)`)
    expect(lines).toEqual(['true two'])
    expect(notices).toEqual(['T2_PARAMETER_REDECLARED'])
  })

  test('gives a trainable function its new source', async () => {
    const { lines, notices } = await program(`${Object.values(evaluations)[0]}
      const first = await evaluate("bundle('f', () => 'one', { trainable: true })", 1)
      const edited = await evaluate("bundle('f', () => 'two', { trainable: true })", 2)
      console.log(first.parameters()[0] === edited.parameters()[0], edited.parameters()[0].value, edited())`)
    expect(lines).toEqual(["true () => 'two' two"])
    expect(notices).toEqual(['T2_PARAMETER_REDECLARED'])
  })

  test.each([
    ["parameter('again.text', 'one')", "parameter('again.text', 'two')", "'set'", 'two'],
    [
      "bundle('f', () => 'one', { trainable: true }).parameters()[0]",
      "bundle('f', () => 'two', { trainable: true }).parameters()[0]",
      `"() => 'set'"`,
      "() => 'two'",
    ],
    // What is edited is not the value.
    [
      "parameter('again.text', 'one')",
      "parameter('again.text', 'one', { description: 'new' })",
      "'set'",
      'set',
    ],
  ])('leaves out what was set for the value before: %s', async (first, edited, set, value) => {
    const { lines, notices, stderr } = await program(`${Object.values(evaluations)[0]}
      const one = await evaluate(${JSON.stringify(first)}, 1)
      one.update(${set})
      const two = await evaluate(${JSON.stringify(edited)}, 2)
      console.log(one.value === two.value, two.value)`)
    expect(lines).toEqual([`true ${value}`])
    expect(notices).toEqual(['T2_PARAMETER_REDECLARED'])
    expect(stderr.includes('is left out')).toBe(value !== 'set')
  })
})

describe('two places with one name', () => {
  const places = {
    'in two files': `
      write('b.mjs', esm("parameter('two.places', 'one')")); write('c.mjs', esm("parameter('two.places', 'two')"))
      await import(process.cwd() + '/b.mjs'); await turn()
      await tried(() => import(process.cwd() + '/c.mjs'))`,
    'in a file that a bundler made of two': `
      write('d.mjs', esm("parameter('two.places', 'one')\\nparameter('two.places', 'two')"))
      await tried(() => import(process.cwd() + '/d.mjs'))`,
    'in two functions of one file, at different times': `
      function one() { return parameter('two.places', 'one') }
      function two() { return parameter('two.places', 'two') }
      one(); await turn(); await tried(() => two())`,
    'in a module and in a function of it without a name': `
      write('f.mjs', esm("parameter('two.places', 'one')\\nexport const late = () => [1].map(() => parameter('two.places', 'two'))"))
      const { late } = await import(process.cwd() + '/f.mjs'); await turn(); await tried(() => late())`,
    'in a module that goes on after an await, and in a function of it': `
      write('g.mjs', esm("parameter('two.places', 'one')\\nawait new Promise((done) => setTimeout(done))\\nexport const late = [() => parameter('two.places', 'two')]"))
      const { late } = await import(process.cwd() + '/g.mjs'); await tried(() => late.map((each) => each()))`,
    'in two functions without a name': `
      write('h.mjs', esm("export const all = [() => parameter('two.places', 'one'), () => parameter('two.places', 'two')]"))
      const { all } = await import(process.cwd() + '/h.mjs')
      all.slice(0, 1).map((each) => each()); await turn(); await tried(() => all.slice(1).map((each) => each()))`,
    'in one function that declares it for several agents at once': `
      const make = (prompt) => parameter('two.places', prompt)
      make('one'); await tried(() => make('two'))`,
  }
  test.each(Object.entries(places))('%s are an error that names both', async (_where, body) => {
    const { lines, notices } = await program(body)
    expect(lines).toEqual([
      expect.stringMatching(/^T2_PARAMETER_DUPLICATE .* at \S+:\d+:\d+ and at \S+:\d+:\d+\.$/),
    ])
    expect(notices).toEqual([])
  })

  test('are an error in production also where a module is evaluated again', async () => {
    const body = `
      write('e.mjs', esm("parameter('two.places', 'one')")); await import(process.cwd() + '/e.mjs?t=1')
      write('e.mjs', esm("parameter('two.places', 'two')"))
      await tried(() => import(process.cwd() + '/e.mjs?t=2'))`
    expect((await program(body, { NODE_ENV: 'production' })).lines[0]).toMatch(/_DUPLICATE/)
    expect((await program(body)).lines).toEqual(['taken'])
  })

  test('that say the same are one parameter', async () => {
    const { lines } = await program(`
      const one = () => parameter('same', { a: [1] }, { schema: { type: 'object' } })
      const two = () => parameter('same', { a: [1] }, { schema: { type: 'object' } })
      console.log(one() === two())`)
    expect(lines).toEqual(['true'])
  })
})
