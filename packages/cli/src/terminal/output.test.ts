import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { refundWorkplace } from '../testing/refund-workplace.ts'
import { watchOutput } from './output.ts'

const binary = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** Runs the command with its standard output into a file. */
async function into(path: string, args: readonly string[], cwd?: string) {
  const file = await open(path, 'w')
  try {
    const child = spawn(process.execPath, [binary, ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', file.fd, 'pipe'],
    })
    let err = ''
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { code, err }
  } finally {
    await file.close()
  }
}

test.runIf(existsSync('/dev/full'))(
  'a command whose output is lost says so and fails',
  async () => {
    const { cwd } = await refundWorkplace({ runs: 4 })
    const shown = [['--help'], ['runs'], ['runs', '--json'], ['sql', 'SELECT 1'], ['parameters']]
    for (const args of shown) {
      const { code, err } = await into('/dev/full', args, cwd)
      expect({ args, code, err }).toMatchObject({ code: 1, err: expect.stringContaining('ENOSPC') })
      expect(err).toContain('T2_OUTPUT')
    }
    // What was wrong before still tells how it ended.
    expect(await into('/dev/full', ['runs', '--wrong'], cwd)).toMatchObject({ code: 2 })
    expect(await into('/dev/null', ['runs'], cwd)).toEqual({ code: 0, err: '' })
  },
  60_000,
)

test('a reader that has seen enough is no error', async () => {
  const child = spawn(process.execPath, [binary, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  expect(err).toBe('')
})

test('a closed pipe ends the process, any other error is given at the end', async () => {
  const { PassThrough } = await import('node:stream')
  const ended: string[] = []
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const { written, serve } = watchOutput({ stdout, stderr, exit: () => ended.push('exit') })
  stderr.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))
  expect(await written()).toBeUndefined()
  stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))
  expect([ended, await written()]).toEqual([['exit'], undefined])
  serve()
  stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))
  stderr.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))
  expect(ended).toEqual(['exit'])
  const lost = Object.assign(new Error('bad'), { code: 'EIO' })
  stdout.emit('error', lost)
  expect(await written()).toBe(lost)
})

test.runIf(existsSync('/dev/full'))(
  'a collector goes on with a log that cannot be written and a terminal that is closed',
  async () => {
    const { cwd } = await refundWorkplace({ runs: 0 })
    const full = await open('/dev/full', 'w')
    const args = ['collect', '--db', 'outlives.duckdb', '--port', '0', '--log-level', 'info']
    const child = spawn(process.execPath, [binary, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', full.fd],
    })
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
    try {
      let out = ''
      for await (const chunk of child.stdout ?? []) {
        out += chunk
        if (/Listening on \S+/.test(out)) break
      }
      const url = /Listening on (\S+)/.exec(out)?.[1] ?? ''
      // Leaving the loop has closed the pipe.
      expect(child.stdout?.destroyed).toBe(true)
      const headers = { 'content-type': 'application/json' }
      for (let times = 0; times < 3; times++) {
        const sent = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: '{}' })
        expect(sent.status).toBe(200)
      }
      child.kill('SIGTERM')
      expect(await closed).toBe(0)
    } finally {
      child.kill('SIGKILL')
      await full.close()
    }
  },
  60_000,
)
