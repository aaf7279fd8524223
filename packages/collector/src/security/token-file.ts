import { readFileSync, statSync } from 'node:fs'
import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { checkTokens } from './options.ts'

/** How often the file is looked at, at most, in milliseconds. */
const LOOK_MS = 1000

/**
 * The tokens in a file, separated by white space; what follows a `#` at the beginning of a word is a comment. The file may change while the collector runs: its tokens hold from the
 * next second on. A file that is gone, empty or wrong changes nothing, and is reported once.
 *
 * @throws {Trace2Error} `T2_CONFIG` where it cannot be read at the start, or has no good tokens.
 */
export function tokenFile(path: string, now: () => number = Date.now): () => readonly string[] {
  let words = read(path)
  let state = stateOf(path)
  let looked = now()
  return () => {
    if (now() - looked < LOOK_MS) return words
    looked = now()
    const next = stateOf(path)
    if (next === state) return words
    state = next
    try {
      words = read(path)
    } catch (error) {
      diag.warn(`The tokens stay as they are. ${wordsOf(error)}`)
    }
    return words
  }
}

function stateOf(path: string): string {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false })
  return file ? `${file.ino} ${file.mtimeNs} ${file.size}` : ''
}

function read(path: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw raise('T2_CONFIG', `${path} cannot be read: ${wordsOf(error)}`, { cause: error })
  }
  const words = text.split('\n').flatMap((line, index) => {
    const some = line
      .replace(/(^|\s)#.*/, '')
      .split(/\s+/)
      .filter((word) => word !== '')
    checkTokens(some, `${path}:${index + 1}`)
    return some
  })
  // An empty file must not open the door.
  if (words.length === 0) throw raise('T2_CONFIG', `${path} holds no token.`)
  return words
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
