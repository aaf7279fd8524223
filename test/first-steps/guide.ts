import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A code block of a page: its language, what stands behind it, and its text. */
export interface Block {
  readonly language: string
  readonly file: string | undefined
  readonly code: string
}

/** The code blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url))
  const blocks = readFileSync(path, 'utf8').matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```/gm)
  return [...blocks].map(([, language = '', file, code = '']) => ({ language, file, code }))
}

/** The command lines of a block for a shell, continued lines put together, comments left out. */
export function commandsOf({ code }: Block): readonly string[] {
  return code
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}
