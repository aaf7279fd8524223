import { createInterface } from 'node:readline/promises'

/** Asks a question that is answered with a line; `undefined` where the input ends instead. */
export async function ask(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  const reader = createInterface({ input, output })
  try {
    const ended = new Promise<undefined>((resolve) => {
      reader.once('close', () => resolve(undefined))
    })
    return await Promise.race([reader.question(`${question} `), ended])
  } finally {
    reader.close()
  }
}
