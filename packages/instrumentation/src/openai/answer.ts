import { mediaText, type Part } from './blob.ts'
import type { Returned } from './endpoint.ts'
import { parsedObject } from './json.ts'
import { joinedText } from './parts.ts'

/** What a model answered, whatever endpoint it came from. */
export interface Answer {
  /** Everything it has, in order. */
  readonly parts: readonly Part[]
  /** Its text, where it has any. */
  readonly text: string | undefined
  readonly refusal: string | undefined
  /** Calls of tools that the caller is to make. */
  readonly toolCalls: readonly Part[]
}

export function answerOf(parts: readonly Part[]): Answer {
  const refusals = parts.filter(({ type }) => type === 'refusal')
  return {
    parts,
    text: parts.some(({ type }) => type === 'text') ? joinedText(parts) : undefined,
    refusal: refusals.length > 0 ? refusals.map(({ content }) => content).join('') : undefined,
    toolCalls: parts.filter(({ type }) => type === 'tool_call'),
  }
}

/**
 * The output that an answer comes to: its text as it is, JSON as what it says, so that its parts can be told apart; with
 * tool calls `{ content?, tool_calls: [{ id, name, arguments }] }`. An answer without a word is the refusal, or says
 * which images, sounds and files it has: as a text, since members such as `image` would be taken for values of the program.
 */
export function outputOf({ parts, text, refusal, toolCalls }: Answer): unknown {
  if (toolCalls.length > 0) {
    const calls = toolCalls.map(({ type: _type, ...call }) => call)
    return { ...(text === undefined ? {} : { content: text }), tool_calls: calls }
  }
  if (text !== undefined) return parsedObject(text) ?? text
  if (refusal !== undefined) return { refusal }
  return parts.flatMap((part) => mediaText(part) ?? []).join('\n')
}

/** The parts that an answer's output does not show in full. */
export function besideOutput({ parts, text, toolCalls }: Answer): Part[] {
  const hasWords = text !== undefined || toolCalls.length > 0
  return parts.filter(
    ({ type }) => type !== 'text' && type !== 'tool_call' && (hasWords || type !== 'refusal'),
  )
}

/** Where the answer's text is in its output. */
export function contentPointer({ toolCalls }: Answer, base: string): string {
  return toolCalls.length > 0 ? `${base}/content` : base
}

export function toolCallPointer(base: string, index: number): string {
  return `${base}/tool_calls/${index}`
}

/**
 * The texts of an answer that its output has in another form, or not at all: JSON that was taken apart, thoughts, texts
 * with bytes in them. `written` are texts of the answer, and `calls` the arguments of its calls, as the model wrote them.
 */
export function textsOf(
  answer: Answer,
  written: readonly unknown[],
  calls: readonly string[],
  base: string,
): Returned[] {
  const { parts, text, toolCalls } = answer
  const texts: Returned[] = calls.flatMap((args, index) =>
    parsedObject(args)
      ? [{ value: args, pointer: `${toolCallPointer(base, index)}/arguments` }]
      : [],
  )
  const pointer = contentPointer(answer, base)
  if (text !== undefined && toolCalls.length === 0 && parsedObject(text)) {
    texts.push({ value: text, pointer })
  }
  const thoughts = parts.filter(({ type }) => type === 'reasoning' || type === 'refusal')
  for (const said of new Set([...written, ...thoughts.map(({ content }) => content)])) {
    if (typeof said === 'string' && said !== '' && said !== text) {
      texts.push({ value: said, pointer })
    }
  }
  return texts
}
