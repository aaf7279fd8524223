import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import { expect, onTestFinished, test } from 'vitest'
import { place } from '../support/place.ts'
import { blocksOf, commandsOf } from './guide.ts'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = 'docs/guides/first-steps.md'

/** The packages as npm would publish them, by name. */
async function packed(directory: string): Promise<(name: string) => string> {
  await execute(process.execPath, [join(root, 'tools/pack.mjs'), directory])
  const files = await readdir(directory)
  return (name) => {
    const start = `${name.replace('@', '').replace('/', '-')}-`
    const file = files.find((one) => one.startsWith(start) && /^\d/.test(one.slice(start.length)))
    if (file === undefined) throw new Error(`${name} is not packed.`)
    return join(directory, file)
  }
}

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Our packages that the named ones need, themselves included: npm would fetch them beside. */
async function withOurs(names: readonly string[]): Promise<ReadonlySet<string>> {
  const folders = await readdir(join(root, 'packages'))
  const manifests = await Promise.all(
    folders.map(
      async (folder): Promise<Manifest> =>
        JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')),
    ),
  )
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]))
  const needed = new Set(names)
  // A Set is iterated in order of insertion, additions included.
  for (const name of needed) {
    for (const other of Object.keys(byName.get(name)?.dependencies ?? {})) {
      if (byName.has(other)) needed.add(other)
    }
  }
  return needed
}

async function withTarballs(install: string, tarball: (name: string) => string) {
  const words = install.split(' ').slice(1)
  const ours = (word: string) => word === 'trace2' || word.startsWith('@trace2/')
  return [
    ...words.filter((word) => !ours(word)),
    ...Array.from(await withOurs(words.filter(ours)), tarball),
    ...['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
  ]
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function collecting(cwd: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('npx', ['trace2', 'collect'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  // It has ended before its folder goes.
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await expect.poll(() => text).toContain('Listening on')
  return child
}

test('the first guide, followed word by word in an empty folder, ends with a better prompt', async () => {
  const base = await place()
  const folder = join(base, 'agent')
  await mkdir(folder)
  const tarball = await packed(join(base, 'packs'))
  const model = await startSimulatedModel()
  onTestFinished(() => model.close())
  // Nothing of this repository is in the way, and no collector of this machine.
  const port = await freePort()
  const env = {
    ...process.env,
    NODE_PATH: '',
    TRACE2_PORT: `${port}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'none',
    TRACE2_MODEL: CHAT_MODEL,
  }
  const told: Record<string, string> = {}
  let agents = ''
  for (const block of blocksOf(guide)) {
    if (block.language === 'js' && block.file) await writeFile(join(folder, block.file), block.code)
    if (block.language !== 'sh') continue
    for (const command of commandsOf(block)) {
      if (command === 'npx trace2 collect') {
        await collecting(folder, env)
        continue
      }
      const { stdout, stderr } = command.startsWith('npm install')
        ? await execute('npm', [...(await withTarballs(command, tarball)), '--ignore-scripts'], {
            cwd: folder,
            env,
          })
        : await execute('sh', ['-c', command], { cwd: folder, env })
      expect(`${command}: ${stderr}`).not.toMatch(/error|warning/i)
      told[command] = stdout
      if (command === 'node agent.mjs') agents += stdout
    }
  }
  expect(agents).toContain('My parcel never came. -> shipping')
  expect(told['npx trace2 runs']?.trim().split('\n')).toHaveLength(1 + 3)
  expect(told['npx trace2 graph last']).toContain('triage.system')
  expect(told['npx trace2 status']).toMatch(/^runs +3 runs/m)
  expect(told['npx trace2 accept --all']).toContain('triage.system')
  expect(told['npx trace2 parameters triage.system --history']).toContain('accepted')

  // The same agent in CommonJS, under both kinds of package.json.
  for (const type of ['commonjs', 'module'] as const) {
    const file = join(folder, 'package.json')
    const manifest: unknown = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...Object(manifest), type }))
    const source = type === 'module' ? 'agent.mjs' : 'agent.cjs'
    await copyFile(join(folder, source), join(folder, 'agent.js'))
    for (const agent of ['agent.mjs', 'agent.cjs', 'agent.js']) {
      const { stdout, stderr } = await execute(process.execPath, [agent], { cwd: folder, env })
      expect(stdout).toContain('My parcel never came. -> shipping')
      expect(stderr).toBe('')
    }
  }
  const { stdout } = await execute('npx', ['trace2', 'runs', '--json'], { cwd: folder, env })
  expect(JSON.parse(stdout)).toHaveLength(3 + 3 + 6 * 3)
}, 240_000)

test('every page that begins with an installation names what its code needs', () => {
  const [first] = blocksOf(guide).filter(({ code }) => code.includes('npm install'))
  const wanted = first ? commandsOf(first)[0] : undefined
  for (const page of [
    'README.md',
    'docs/guides/instrumenting-an-agent.md',
    'packages/instrumentation/README.md',
  ]) {
    const [install] = blocksOf(page).filter(({ code }) => code.includes('npm install @trace2'))
    expect(install && commandsOf(install)[0], page).toBe(wanted)
  }
})
