import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const root = join(folder, '../..')

/** Each where its `typescript` package is installed. */
const compilers = [
  ['5.6', 'tools/compilers/typescript-5.6'],
  ['5.9', 'tools/compilers/typescript-5.9'],
  ['6.0', 'tools/compilers/typescript-6.0'],
  ['7.0', '.'],
] as const

describe.each(compilers)('TypeScript %s', (version, place) => {
  test('is that release', async () => {
    expect((await run(place, ['--version'])).trim()).toMatch(`Version ${version}.`)
  })

  test('compiles our declarations and the type tests, and tells of each mistake once', {
    timeout: 600_000,
  }, async () => {
    const expected = (await readFile(join(folder, 'mistakes.ts'), 'utf8'))
      .split('\n')
      .flatMap((line, index) => {
        const code = /\/\/ (TS\d+)$/.exec(line)?.[1]
        return code ? [`mistakes.ts:${index + 1} ${code}`] : []
      })
    const output = await run(place, ['-p', join(folder, 'tsconfig.all.json'), '--pretty', 'false'])
    expect(expected.length).toBeGreaterThan(10)
    expect(errorsIn(output), output).toEqual(expected)
  })
})

/** The errors that a compiler wrote, of all but what others publish, as `file:line code`. */
function errorsIn(output: string): string[] {
  return [...output.matchAll(/^(\S+?)\((\d+),\d+\): error (TS\d+): /gm)]
    .filter(([, file = '']) => !file.includes('node_modules/'))
    .map(([, file = '', line, code]) => `${file.replace(/^.*test\/types\//, '')}:${line} ${code}`)
}

function run(place: string, args: readonly string[]): Promise<string> {
  const { resolve } = createRequire(join(root, place, 'package.json'))
  const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
  return new Promise((done, fail) => {
    execFile(process.execPath, [tsc, ...args], { cwd: root }, (error, stdout, stderr) => {
      // A compiler that found errors exits with a code of its own.
      if (error && typeof error.code !== 'number') fail(error)
      else done(stdout + stderr)
    })
  })
}
