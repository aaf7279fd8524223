import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryDirectory } from '../testing/command.ts'

const binary = fileURLToPath(new URL('../../bin/trace2.js', import.meta.url))

/** A project that has the command installed. */
function project(): string {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(binary, join(directory, 'node_modules', '.bin', 'trace2'))
  writeFileSync(join(directory, 'package.json'), '{"private": true}')
  return directory
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Starts a collector with a command line, and gives its own process and that of the launcher. */
async function started(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
) {
  const launcher = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  launcher.stdout.on('data', (chunk) => {
    text += chunk
  })
  launcher.stderr.on('data', (chunk) => {
    text += chunk
  })
  await expect.poll(() => text, { timeout: 30_000 }).toContain('Listening on')
  const owner: unknown = JSON.parse(readFileSync(join(cwd, 'trace2.duckdb.owner.json'), 'utf8'))
  const pid = Number(Object(owner).pid)
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  return { launcher, pid, text: () => text }
}

const unix = process.platform !== 'win32'

// npm hands SIGINT to a shell that waits for the collector: it arrives only where Ctrl-C sends it to all of them.
test.runIf(unix).each(['SIGTERM', 'SIGHUP'] as const)(
  '%s to npx ends the collector in order',
  { timeout: 60_000 },
  async (signal) => {
    const cwd = project()
    const { launcher, pid, text } = await started(
      'npx',
      ['--no', 'trace2', 'collect', '--port', '0'],
      cwd,
    )
    expect(pid).not.toBe(launcher.pid)
    launcher.kill(signal)
    await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
    expect(text()).toContain('Everything received is in trace2.duckdb.')
  },
)

test.runIf(unix).each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s to the collector itself ends it in order',
  { timeout: 60_000 },
  async (signal) => {
    const cwd = project()
    const { launcher, pid, text } = await started(
      process.execPath,
      [binary, 'collect', '--port', '0'],
      cwd,
    )
    expect(pid).toBe(launcher.pid)
    launcher.kill(signal)
    await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
    expect(text()).toContain('Everything received is in trace2.duckdb.')
  },
)

const nohup = unix && spawnSync('nohup', ['--version']).status === 0

test.runIf(nohup)('under nohup it outlives its terminal', { timeout: 60_000 }, async () => {
  const cwd = project()
  const args = [process.execPath, binary, 'collect', '--port', '0']
  // Shells say so of what they run.
  const { pid, text } = await started('nohup', args, cwd, { ...process.env, _: '/usr/bin/nohup' })
  process.kill(pid, 'SIGHUP')
  // It is still there, and hears the next signal as the first.
  await expect(readiness(text())).resolves.toBe(200)
  process.kill(pid, 'SIGTERM')
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
  expect(text()).toContain('Everything received is in trace2.duckdb.')
})

async function readiness(text: string): Promise<number> {
  const address = /Listening on (\S+)/.exec(text)?.[1] ?? ''
  return (await fetch(`${address}/readyz`)).status
}
