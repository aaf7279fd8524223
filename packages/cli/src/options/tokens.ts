import { readFile } from 'node:fs/promises'
import { raise } from '../errors.ts'

/**
 * The bearer tokens that let a request in: one a line of a file, and that of the environment. Not from the command
 * line, where every user of the machine could read them.
 */
export async function tokensFrom(
  file: string | undefined,
  environment: { readonly TRACE2_TOKEN?: string | undefined },
): Promise<readonly string[]> {
  const { TRACE2_TOKEN } = environment
  const own = TRACE2_TOKEN ? [TRACE2_TOKEN] : []
  if (file === undefined) return own
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw raise('T2_FILE', `${file} cannot be read.`, { cause: error })
  }
  const tokens = text.split(/\s+/).filter((token) => token !== '')
  if (tokens.length === 0) throw raise('T2_FILE', `${file} holds no token.`)
  return [...own, ...tokens]
}
