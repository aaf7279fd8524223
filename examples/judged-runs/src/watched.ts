import type { LlmActivity } from '@trace2/optimizer'

const everySeconds = 10

/** Does something that may take long, and says every ten seconds that it is still waited for. */
export async function watched<T>(
  what: string,
  tell: (line: string) => void,
  work: (note: (progress: string) => void) => Promise<T>,
): Promise<T> {
  let seconds = 0
  let progress = ''
  const timer = setInterval(() => {
    seconds += everySeconds
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    tell(`  … ${what}${progress}, waiting ${clock}`)
  }, everySeconds * 1000)
  try {
    return await work((note) => {
      progress = `, ${note}`
    })
  } finally {
    clearInterval(timer)
  }
}

/** What models are asked at this moment, for the note of {@link watched}. */
export function askedSoFar({ done, known, tokens }: LlmActivity): string {
  return `${done} of ${known} calls${tokens === 0 ? '' : `, about ${tokens} tokens so far`}`
}
