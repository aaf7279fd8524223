import { createInterface } from 'node:readline/promises'

/** Asks a question; the end of the input is an empty answer. */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const reader = createInterface({ input, output })
  try {
    const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')))
    return (await Promise.race([reader.question(`${question} `), ended])).trim()
  } finally {
    reader.close()
  }
}

/** Asks a question that is answered with yes or no; anything else, and the end of the input, means no. */
export async function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  return /^y(?:es)?$/i.test(await ask(`${question} [y/N]`, input, output))
}
