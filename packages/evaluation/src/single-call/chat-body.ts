import type { Message, ModelRequest } from '@trace2/store'
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'

/** A request as OpenAI's API takes it, or why it cannot be put so. */
export type ChatBody =
  | { readonly body: ChatCompletionCreateParamsNonStreaming }
  | { readonly fault: string }

/** Puts a recorded request into the form of OpenAI's chat completions, whatever provider it was made to. */
export function chatBody(request: ModelRequest, model: string): ChatBody {
  const ids = new CallIds()
  const messages: ChatCompletionMessageParam[] = []
  for (const message of request.messages) {
    const converted = messageParam(message, ids)
    if ('fault' in converted) return converted
    messages.push(converted.message)
  }
  const { max_tokens: most, ...settings } = request.settings
  return {
    body: {
      // Settings come from the recorded call; the endpoint says what it does not take.
      ...(settings as Partial<ChatCompletionCreateParamsNonStreaming>),
      ...(typeof most === 'number' ? { max_tokens: most } : {}),
      model,
      messages,
      ...(request.tools.length === 0
        ? {}
        : {
            tools: request.tools.map(({ name, description, parameters }) => ({
              type: 'function' as const,
              function: {
                name,
                ...(description === '' ? {} : { description }),
                parameters: isObject(parameters) ? parameters : { type: 'object' },
              },
            })),
          }),
      stream: false,
    },
  }
}

type Converted = { readonly message: ChatCompletionMessageParam } | { readonly fault: string }

function messageParam(
  { role, content, tool_calls, tool_call_id }: Message,
  ids: CallIds,
): Converted {
  if (role === 'tool' || role === 'function') {
    return {
      message: {
        role: 'tool',
        tool_call_id: ids.answered(tool_call_id),
        content: typeof content === 'string' ? content : JSON.stringify(content ?? null),
      },
    }
  }
  const said = contentOf(content)
  if ('fault' in said) return said
  if (role === 'assistant') {
    const calls = tool_calls?.map(({ id, name, arguments: given }) => ({
      id: ids.asked(id),
      type: 'function' as const,
      function: {
        name,
        arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
      },
    }))
    return {
      message: {
        role: 'assistant',
        content: said.text ?? null,
        ...(calls && calls.length > 0 ? { tool_calls: calls } : {}),
      },
    }
  }
  if (role === 'system') return { message: { role: 'system', content: said.text ?? '' } }
  return { message: { role: 'user', content: said.parts ?? said.text ?? '' } }
}

type Content =
  | { readonly text: string | undefined; readonly parts?: ChatCompletionContentPart[] }
  | { readonly fault: string }

function contentOf(content: unknown): Content {
  if (content === undefined || content === null) return { text: undefined }
  if (typeof content === 'string') return { text: content }
  if (!Array.isArray(content)) return { text: JSON.stringify(content) }
  const parts: ChatCompletionContentPart[] = []
  for (const part of content) {
    const read = partOf(part)
    if (!read)
      return {
        fault: 'A message has a part that cannot be sent again: it is no text and no image.',
      }
    parts.push(read)
  }
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === parts.length
    ? { text: texts.join('\n') }
    : { text: texts.join('\n'), parts }
}

function partOf(part: unknown): ChatCompletionContentPart | undefined {
  if (typeof part === 'string') return { type: 'text', text: part }
  if (!isObject(part)) return undefined
  const text = [part.text, part.content].find((one) => typeof one === 'string')
  if (text !== undefined && (part.type === undefined || part.type === 'text')) {
    return { type: 'text', text: String(text) }
  }
  const image = imageOf(part)
  return typeof image === 'string' && /^(?:https?:|data:)/.test(image)
    ? { type: 'image_url', image_url: { url: image } }
    : undefined
}

/** Address of an image: OpenAI's parts, those of OpenTelemetry, and OpenInference's `image.image.url`. */
function imageOf(part: Record<string, unknown>): unknown {
  if (isObject(part.image_url)) return part.image_url.url
  const held = isObject(part.image) ? (part.image.image ?? part.image) : undefined
  return isObject(held) ? held.url : (part.image_url ?? part.uri)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Ids that tie the answers of tools to their calls, made where the recording has none: in the order of the calls. */
class CallIds {
  readonly #open: string[] = []
  #made = 0

  asked(id: string | undefined): string {
    const known = id ?? `call_${++this.#made}`
    this.#open.push(known)
    return known
  }

  answered(id: string | undefined): string {
    if (id !== undefined) return id
    return this.#open.shift() ?? `call_${++this.#made}`
  }
}
