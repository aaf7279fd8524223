// docs/guides/streaming.md: a stream is one span, its output what was yielded, and its text has an origin.
import { bundle, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const words = bundle('words', async function* (question: string) {
  for (const word of `You asked: ${question}`.split(' ')) yield `${word} `
})
const shorten = bundle('shorten', (text: string) => text.slice(0, 24))

const agent = run('streaming-agent', async (question: string) => {
  let text = ''
  for await (const word of words(question)) text += word
  return shorten(text)
})

export async function answerInWords(endpoint: string): Promise<string> {
  const tracing = start({ serviceName: 'streaming', endpoint })
  const answer = await agent('where is my parcel')
  await tracing.shutdown()
  return answer
}
