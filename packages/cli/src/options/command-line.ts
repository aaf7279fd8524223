import { raise } from '../errors.ts'

/**
 * The words of a program to start, from a JSON list of texts, `["python3", "my agent.py"]`, or from a line of plain words.
 * A line that a shell would read in another way is refused: nothing here is a shell.
 *
 * @param option the option that it was given to, for the error.
 * @throws {Trace2Error} `T2_USAGE`
 */
export function commandWords(line: string, option: string): readonly string[] {
  const words: unknown = /^\s*\[/.test(line) ? parsed(line) : plainWords(line)
  const isList = Array.isArray(words) && words.length > 0
  if (isList && words.every((word) => typeof word === 'string' && word !== '')) return words
  throw raise(
    'T2_USAGE',
    `${option} is a line of plain words, or a JSON list of texts where words hold spaces, quotes or what a shell would read: ["python3", "my agent.py"].`,
  )
}

/** What a shell would take for more than a word. On Windows a backslash parts folders. */
const readByShells = process.platform === 'win32' ? /["'`$&|;<>*?(){}!]/ : /["'`$&|;<>*?(){}!\\]/

function plainWords(line: string): readonly string[] | undefined {
  return readByShells.test(line) ? undefined : line.trim().split(/\s+/)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
