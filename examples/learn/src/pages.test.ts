import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const execute = promisify(execFile)
const pages = fileURLToPath(new URL('../../../docs/learn', import.meta.url))
const sources = fileURLToPath(new URL('.', import.meta.url))
const compiled = fileURLToPath(new URL('../dist', import.meta.url))

const programs = readdirSync(sources)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.replace('.ts', ''))

test.each(programs)('the page of %s shows the program and what it prints', async (name) => {
  const env = { ...process.env, OPENAI_API_KEY: undefined }
  const { stdout } = await execute(process.execPath, [join(compiled, `${name}.js`)], { env })
  const source = readFileSync(join(sources, `${name}.ts`), 'utf8')
  const page = join(pages, `${name}.md`)
  const text = readFileSync(page, 'utf8')
  const shown = withBlock(withBlock(text, `ts ${name}.ts`, source), 'text output', stdout)
  await expect(shown).toMatchFileSnapshot(page)
})

test('the path names every page once, in the order in which the pages lead on to one another', () => {
  const path = readFileSync(join(pages, 'index.md'), 'utf8')
  const order = [...path.matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name = '']) => name)
  expect([...order].sort()).toEqual([...programs].sort())
  for (const [at, name] of order.slice(0, -1).entries()) {
    const text = readFileSync(join(pages, `${name}.md`), 'utf8')
    expect(text, name).toMatch(new RegExp(`^Next: \\[[^\\]]+\\]\\(${order[at + 1]}\\.md\\)`, 'm'))
  }
})

/** The page with other content in its one block of this kind. */
function withBlock(page: string, info: string, content: string): string {
  const parts = page.split(`\`\`\`${info}\n`)
  const [before = '', after = ''] = parts
  const end = after.indexOf('```\n')
  if (parts.length !== 2 || end === -1) throw new Error(`The page needs one block of ${info}.`)
  return `${before}\`\`\`${info}\n${content}${after.slice(end)}`
}
