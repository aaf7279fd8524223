// Bundles what the collector runs in threads and processes of its own into one text, which the package ships as a
// module. A program that is bundled into one file has it in that file; any other starts the files themselves.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const threads = new URL('src/threads/', import.meta.url)

const bundle = await rolldown({
  input: fileURLToPath(new URL('main.ts', threads)),
  platform: 'node',
  // What has parts in machine code is installed beside the program.
  external: ['lmdb', '@duckdb/node-bindings', /generated\/threads\.ts$/],
  transform: { target: 'es2022' },
})
const { output } = await bundle.generate({
  format: 'cjs',
  codeSplitting: false,
  minify: true,
  comments: { legal: true },
})
await bundle.close()
const text = brotliCompressSync(output[0].code).toString('base64')
await mkdir(new URL('generated/', threads), { recursive: true })
await writeFile(
  new URL('generated/threads.ts', threads),
  `// Made by build.mjs.\nexport const threadsText: string = ${JSON.stringify(text)}\n`,
)
