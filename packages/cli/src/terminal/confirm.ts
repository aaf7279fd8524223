import { ask } from './ask.ts'

/** Asks a question that is answered with yes or no; anything else, and the end of the input, means no. */
export async function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const answer = await ask(`${question} [y/N]`, input, output)
  return /^\s*y(?:es)?\s*$/i.test(answer ?? '')
}
