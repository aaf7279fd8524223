import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const packages = new URL('../../packages/', import.meta.url)

/** Everything that a program can import of the published packages. */
function doors(): readonly string[] {
  return readdirSync(packages).flatMap((folder) => {
    const { name, exports, private: isPrivate } = manifestOf(folder)
    if (isPrivate) return []
    const entries = Object.keys(exports).filter((entry) => entry !== './package.json')
    return entries.map((entry) => name + entry.slice(1))
  })
}

function manifestOf(folder: string) {
  return JSON.parse(readFileSync(new URL(`${folder}/package.json`, packages), 'utf8'))
}

// Is for `node --import`, which waits until its server listens.
const preload = '@trace2/simulated-model/without-key'

// Loads each door by `require` and by `import`, and prints what each gives.
const script = `
const count = (door) => Object.keys(door).filter((name) => name !== '__esModule').length
const found = {}
const load = async (door) => {
  let required
  try { required = count(require(door)) } catch (error) { required = error.code ?? String(error) }
  found[door] = { required, imported: count(await import(door)) }
}
const all = async () => {
  for (const door of JSON.parse(process.argv[1])) await load(door)
  console.log(JSON.stringify(found))
  process.exit()
}
void all()
`

test('every door of every package opens by `require` as by `import`', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--eval', script, '--', JSON.stringify(doors())],
    { cwd: fileURLToPath(new URL('.', import.meta.url)) },
  )
  const found: Record<string, { required: number | string; imported: number }> = JSON.parse(stdout)
  expect(Object.keys(found)).toEqual(doors())
  expect(doors()).toContain('@trace2/optimizer/live')
  const { [preload]: preloaded, ...others } = found
  expect(preloaded).toEqual({ required: 'ERR_REQUIRE_ASYNC_MODULE', imported: 0 })
  for (const [door, { required, imported }] of Object.entries(others)) {
    expect([door, required]).toEqual([door, imported])
    expect([door, imported]).not.toEqual([door, 0])
  }
})
