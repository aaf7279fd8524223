import OpenAI from 'openai'
import { Stream } from 'openai/streaming'
import { AnsweredError, errorIn } from './completion.ts'
import { property, textProperty } from './property.ts'

/** Watches an answer as it comes, in characters. */
export type OnText = (characters: number) => void

/** Thrown where a stream ends in the middle of an answer, or may have. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream'
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE'
}

/** Thrown where what comes in a stream is not what the chat API sends. */
export class UnreadableStream extends Error {
  override readonly name = 'UnreadableStream'
}

let quiet: OpenAI | undefined

/** Without one, the package writes lines that it cannot read to the terminal, whatever is in them. */
function quietClient(): OpenAI {
  quiet ??= new OpenAI({ apiKey: 'none', logLevel: 'off' })
  return quiet
}
/**
 * Thrown where a stream says that it is at its end, and not why. llama-cpp-python ends a stream so for the sake of a
 * request that came in the meantime; to others it is the usual end.
 */
export class UntoldEnd extends BrokenStream {}

/** Most characters that one token has on average; an answer that is longer than its limit allows will not end. */
const charactersOfToken = 20

/**
 * Puts the chunks of a stream together to the completion that they stand for. A model that babbles past its limit, since
 * its server knows none, is cut off.
 *
 * @throws {BrokenStream} where it has no end; {@link UntoldEnd} where a stream was asked for, which need not have come.
 */
export async function streamed(
  response: Response,
  limit: number | undefined,
  onText: OnText,
  asked: boolean,
): Promise<unknown> {
  const tail = new Tail()
  const watched = new Response(response.body?.pipeThrough(tail.watch()) ?? null, response)
  const message: Record<string, string> = {}
  const parts = { arguments: '' }
  let characters = 0
  let finish = ''
  let usage: unknown
  let any = false
  let began = false
  try {
    for await (const chunk of chunksOf(watched)) {
      any = true
      usage = property(chunk, 'usage') ?? property(property(chunk, 'x_groq'), 'usage') ?? usage
      const choices = property(chunk, 'choices')
      const [choice]: unknown[] = Array.isArray(choices) ? choices : []
      const error = errorIn(chunk)
      if (error) throw new AnsweredError(error)
      if (choice === undefined) continue
      began = true
      finish = textProperty(choice, 'finish_reason') || finish
      const delta = property(choice, 'delta') ?? property(choice, 'message')
      for (const name of ['content', 'refusal', 'reasoning_content', 'reasoning']) {
        const text = textIn(property(delta, name))
        if (text === '') continue
        message[name] = (message[name] ?? '') + text
        characters += text.length
      }
      const calls = property(delta, 'tool_calls')
      const called = Array.isArray(calls)
        ? textProperty(property(calls[0], 'function'), 'arguments')
        : ''
      parts.arguments += called
      characters += called.length
      onText(characters)
      if (limit !== undefined && characters > (limit + 100) * charactersOfToken) {
        finish = 'length'
        break
      }
    }
  } catch (error) {
    // What becomes of the connection once the answer is complete is of no matter.
    const isUnreadable = error instanceof UnreadableStream
    if (finish === '' && (isUnreadable || !tail.saysDone)) throw error
  }
  if (finish === '' && !tail.saysDone) {
    if (!began && tail.hasLines) throw new UnreadableStream(`No answer is in it: ${tail.last}`)
    throw new BrokenStream('The stream ended in the middle of an answer.')
  }
  if (finish === '' && any && asked) throw new UntoldEnd('The stream ended without saying why.')
  const tools = parts.arguments === '' ? {} : { tool_calls: [{ function: parts }] }
  return {
    choices: any ? [{ finish_reason: finish, message: { ...message, ...tools } }] : [],
    usage,
  }
}

async function* chunksOf(response: Response): AsyncGenerator<unknown> {
  try {
    yield* Stream.fromSSEResponse<unknown>(response, new AbortController(), quietClient())
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UnreadableStream(`A line of it is no JSON: ${error.message}`)
  }
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part) => textProperty(part, 'text')).join('') : ''
}

/** The last bytes of a stream: the client hides the line by which a stream says that it is done. */
class Tail {
  #last = ''

  get last(): string {
    return Buffer.from(this.#last, 'latin1').toString('utf8')
  }

  get saysDone(): boolean {
    return this.#last.includes('[DONE]')
  }

  /** Whether whole lines came, and not only a sign of life or the beginning of a line, as where a connection breaks. */
  get hasLines(): boolean {
    const [last = ''] = this.#last
      .trimEnd()
      .split(/[\r\n]/)
      .slice(-1)
    return /[\r\n]\s*$/.test(this.#last) && last !== '' && !last.startsWith(':')
  }

  watch(): TransformStream<Uint8Array, Uint8Array> {
    return new TransformStream({
      transform: (chunk, controller) => {
        this.#last = (this.#last + Buffer.from(chunk).toString('latin1')).slice(-64)
        controller.enqueue(chunk)
      },
    })
  }
}
