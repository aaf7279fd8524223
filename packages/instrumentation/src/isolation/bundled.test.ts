import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'

const program = `
import { bundle } from '@trace2/instrumentation'
import { enableIsolation } from '@trace2/instrumentation/isolation'

const suffix = '!'
async function main() {
  await enableIsolation({ timeMs: 500 })
  const shout = bundle('shout', async (text) => text.toUpperCase() + suffix, { trainable: true, uses: { suffix } })
  const [code] = shout.parameters()
  code.update(code.value.replace('toUpperCase', 'toLowerCase'))
  console.log(await shout('Hello'))
}
main()
`

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'trace2-bundled-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test.each([
  ['an ES module', 'esm', false],
  ['an ES module, minified', 'esm', true],
  ['a CommonJS module', 'cjs', false],
] as const)(
  'a program bundled into %s runs changed code, and ends by itself',
  async (_name, format, minify) => {
    const name = `program-${minify}`
    const input = join(directory, `${name}.src.mjs`)
    writeFileSync(input, program)
    const bundled = await rolldown({
      input,
      platform: 'node',
      // The program stands outside of the project, as a user's does; its packages do not.
      resolve: { modules: [fileURLToPath(new URL('../../../../node_modules', import.meta.url))] },
    })
    const { output } = await bundled.generate({ format, minify, codeSplitting: false })
    const file = join(directory, `${name}.${format === 'cjs' ? 'cjs' : 'mjs'}`)
    writeFileSync(file, output[0].code)
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 })
    expect(printed).toBe('hello!\n')
  },
)
