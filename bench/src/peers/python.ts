import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cache } from './cache.ts'

const source = fileURLToPath(new URL('../../peers/python/', import.meta.url))

/** The folder of the programs of Python's peers, which are installed once; or why they are not. */
export function pythonPrograms(): { readonly programs: string } | { readonly missing: string } {
  const environment = join(cache, 'python')
  const programs = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin')
  const requirements = join(source, 'requirements.txt')
  const stamp = join(environment, 'installed')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { programs }
  const python = process.platform === 'win32' ? 'python' : 'python3'
  mkdirSync(cache, { recursive: true })
  if (spawnSync(python, ['-m', 'venv', environment]).status !== 0) {
    return { missing: 'Python with venv is not installed' }
  }
  console.log('Installing Phoenix and Trace (once; some minutes, 2 GB) …')
  const { status } = spawnSync(
    join(programs, 'pip'),
    ['install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (status !== 0) return { missing: 'it could not be installed; is PyPI reached?' }
  writeFileSync(stamp, wanted)
  return { programs }
}

/** A script of `bench/peers/python`. */
export function script(name: string): string {
  return join(source, name)
}
