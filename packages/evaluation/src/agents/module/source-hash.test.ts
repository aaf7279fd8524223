import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { moduleHash } from './source-hash.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-source-'))
  const made = directory
  onTestFinished(() => rm(made, { recursive: true }))
})

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), text)
  }
}

const project = {
  'tsconfig.json': '{"compilerOptions":{"paths":{"~/*":["./lib/*"]}}}',
  'src/agent.ts':
    "import type { T } from './types.js'\nimport { a } from './a.js'\nimport { b } from '~/b'\nimport kept from 'kept'\nimport './gone.js'\nimport './prompt.md'\nexport const agent = async (): Promise<T> => [a, b, kept, await import('./late.ts')]\n",
  'src/types.ts': 'export type T = unknown\n',
  'src/a.ts': "export { c as a } from './deep/c.cjs'\n",
  'src/deep/c.cjs': "exports.c = require('./d.json')\n",
  'src/deep/d.json': '{"d":1}',
  'src/late.ts': 'export enum Late { Yes }\n',
  'src/prompt.md': 'Be kind.',
  'src/other.ts': 'export const other = 1\n',
  'lib/b.ts': 'export const b = 1\n',
  'node_modules/kept/index.js': 'export default 1\n',
}

test('changes with every file of the project that the module needs, and with no other', async () => {
  await write(project)
  const hash = () => moduleHash(join(directory, 'src/agent.ts'))
  const before = await hash()
  expect(before).toMatch(/^[0-9a-f]{16}$/)
  const needed = ['src/agent.ts', 'src/a.ts', 'src/deep/c.cjs', 'src/late.ts', 'lib/b.ts']
  for (const name of needed) {
    const text: string = Reflect.get(project, name)
    await write({ [name]: `${text}// changed\n` })
    expect({ name, changes: (await hash()) !== before }).toEqual({ name, changes: true })
    await write({ [name]: text })
    expect(await hash()).toBe(before)
  }
  await write({ 'src/deep/d.json': '{"d":2}' })
  expect(await hash()).not.toBe(before)
  await write({ 'src/deep/d.json': '{"d":1}', 'src/prompt.md': 'Be brief.' })
  expect(await hash()).not.toBe(before)
  await write({ 'src/prompt.md': 'Be kind.' })
  for (const name of ['src/other.ts', 'node_modules/kept/index.js']) {
    await write({ [name]: 'export default 2\n' })
    expect(await hash()).toBe(before)
  }
})

test('of a module that does not parse is that of its text', async () => {
  await write({ 'agent.ts': 'export const = ' })
  const before = await moduleHash(join(directory, 'agent.ts'))
  await write({ 'agent.ts': 'export const =  ' })
  expect(await moduleHash(join(directory, 'agent.ts'))).not.toBe(before)
})

test('is the same wherever the project lies', async () => {
  await write({ 'one/src/agent.ts': "import '../b.ts'", 'one/b.ts': '1' })
  await write({ 'two/src/agent.ts': "import '../b.ts'", 'two/b.ts': '1' })
  expect(await moduleHash(join(directory, 'one/src/agent.ts'))).toBe(
    await moduleHash(join(directory, 'two/src/agent.ts')),
  )
})
