import { createInterface } from 'node:readline/promises'

/** Asks a question that is answered with yes or no; anything else, and the end of the input, means no. */
export async function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const reader = createInterface({ input, output })
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')))
    const answer = await Promise.race([reader.question(`${question} [y/N] `), ended])
    return /^\s*y(?:es)?\s*$/i.test(answer)
  } finally {
    reader.close()
  }
}
