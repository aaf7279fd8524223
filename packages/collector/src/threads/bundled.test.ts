import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'

const directory = temporaryDirectory()

test.each(['esm', 'cjs'] as const)(
  'a bundle beside which the native packages are not installed says so: %s',
  async (format) => {
    const outfile = join(directory, format === 'esm' ? 'main.mjs' : 'main.cjs')
    const contents = `
      import { programText } from './bundled.ts'
      programText('store').then(() => 'a program', ({ code, message }) => code + ': ' + message).then(console.log)`
    await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      format,
      outfile,
    })
    const options = { cwd: directory }
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], options)
    expect(stdout).toMatch(
      /^T2_COLLECTOR_BUNDLED: lmdb and @duckdb\/node-bindings are not found from .*main\.[cm]js/,
    )
  },
)
