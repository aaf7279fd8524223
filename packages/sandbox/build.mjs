// Bundles what runs apart from the program into texts, which the package ships as modules: what runs inside of the
// sandbox beside the code, and the thread of sandboxes with its engine. As texts they need no files of their own, so
// that they also work in a program that is bundled into one file.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const sources = new URL('src/', import.meta.url)

async function bundled(entry, platform, output) {
  const input = fileURLToPath(new URL(entry, sources))
  const bundle = await rolldown({ input, platform, transform: { target: 'es2022' } })
  const { output: chunks } = await bundle.generate({
    minify: true,
    comments: { legal: true },
    ...output,
  })
  await bundle.close()
  return chunks[0].code
}

async function write(name, constant, text) {
  const module = `// Made by build.mjs.\nexport const ${constant}: string = ${JSON.stringify(text)}\n`
  await writeFile(new URL(`generated/${name}.ts`, sources), module)
}

await mkdir(new URL('generated/', sources), { recursive: true })
const inside = await bundled('inside/main.ts', 'neutral', { format: 'iife', name: 'inside' })
await write('inside', 'insideText', `(() => { 'use strict'; ${inside}\nreturn inside.open })()`)
const thread = await bundled('thread/main.ts', 'node', { format: 'cjs', codeSplitting: false })
// The engine is half a megabyte; compressed it is a third of that.
await write('thread', 'threadText', brotliCompressSync(thread).toString('base64'))
