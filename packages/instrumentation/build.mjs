// Bundles what runs inside of the sandbox into one text, which the package ships as a module.
import { mkdir, writeFile } from 'node:fs/promises'
import { rolldown } from 'rolldown'

const isolation = new URL('src/isolation/', import.meta.url)

async function textOf(entry, output) {
  const bundle = await rolldown({ input: new URL(entry, isolation).pathname, platform: 'neutral' })
  const {
    output: [chunk],
  } = await bundle.generate({ minify: true, ...output })
  await bundle.close()
  return chunk.code
}

const inside = await textOf('inside/main.ts', { format: 'iife', name: 'inside' })
await mkdir(new URL('generated/', isolation), { recursive: true })
await writeFile(
  new URL('generated/inside.ts', isolation),
  `// Made by build.mjs from ../inside.\nexport const insideText: string = ${JSON.stringify(`(() => { 'use strict'; ${inside}\nreturn inside.open })()`)}\n`,
)
