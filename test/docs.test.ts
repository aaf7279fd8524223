import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { slug } from '../docs/.vitepress/slug.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function pages(): string[] {
  const inside = (directory: string) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .map((name) => join(directory, name))
      .filter(
        (name) =>
          name.endsWith('.md') && !/node_modules|[/\\]dist[/\\]|^docs[/\\]api|CHANGELOG/.test(name),
      )
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...['docs', 'packages', 'examples'].flatMap(inside),
  ].sort()
}

it('has no link to a page, figure or heading that is not there', () => {
  const broken: string[] = []
  for (const page of pages()) {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [path = '', heading] = target.split('#')
      const file = path === '' ? join(root, page) : resolve(root, dirname(page), path)
      if (!existsSync(file)) broken.push(`${page}: ${target}`)
      else if (heading !== undefined) {
        const headings = [...readFileSync(file, 'utf8').matchAll(/^#+\s+(.+)$/gm)]
        if (!headings.some(([, title = '']) => slug(title) === heading))
          broken.push(`${page}: ${target}`)
      }
    }
  }
  expect(broken).toEqual([])
})

// Pages that come from code, or whose tables a reader only looks things up in.
const lookedUp = ['docs/errors.md', 'docs/command-line.md', 'docs/architecture.md']

it('has no table cell in docs/ that has to be read like a paragraph', () => {
  const long: string[] = []
  for (const page of pages().filter(
    (name) => name.startsWith('docs') && !lookedUp.includes(name),
  )) {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
    for (const [row] of text.matchAll(/^\|.*$/gm)) {
      const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim())
      const tooLong = cells.find((cell) => cell.length > 120 && !/^[-: ]+$/.test(cell))
      if (tooLong !== undefined) long.push(`${page}: ${tooLong}`)
    }
  }
  expect(long).toEqual([])
})

// A block marked `ts` is a module of its own that may use the names of docs/snippets.d.ts; `ts continued` goes on from the
// block before it; `ts ignore` is not checked.
it('has only code that compiles', () => {
  const directory = join(root, 'test', '.snippets')
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  for (const page of pages()) {
    const modules: string[] = []
    for (const [, info = '', code = ''] of readFileSync(join(root, page), 'utf8').matchAll(
      /^```ts\b([^\n]*)\n([\s\S]*?)^```/gm,
    )) {
      if (info.includes('ignore')) continue
      if (info.includes('continued')) modules.push(`${modules.pop() ?? ''}\n${code}`)
      else modules.push(code)
    }
    for (const [index, code] of modules.entries()) {
      const name = `${page.replace(/\W+/g, '-')}-${index + 1}.ts`
      writeFileSync(join(directory, name), `${code}\nexport {}\n`)
    }
  }
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        noEmit: true,
        rootDir: '../..',
        noUnusedLocals: false,
        noUnusedParameters: false,
      },
      include: ['*.ts', '../../docs/snippets.d.ts'],
    }),
  )
  const tsc = spawnSync('npx', ['tsc', '-p', directory], { cwd: root, encoding: 'utf8' })
  rmSync(directory, { recursive: true, force: true })
  expect(tsc.stdout).toBe('')
}, 120_000)
