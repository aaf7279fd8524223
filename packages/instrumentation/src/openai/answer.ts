import type { HandedOut } from './endpoint.ts'
import { parsedObject } from './json.ts'

/** A call of a tool that the model asks for. */
export interface ToolCall {
  readonly id: string | undefined
  readonly name: string | undefined
  /** As the model wrote them: JSON for a function, any text for a custom tool. */
  readonly arguments: string
}

/** What a model answered, whatever endpoint it came from. */
export interface Answer {
  readonly content: string | undefined
  readonly refusal: string | undefined
  readonly toolCalls: readonly ToolCall[]
}

/**
 * The output that an answer comes to: a plain text as it is, JSON as what it says, so that its parts can be told apart;
 * with tool calls `{ content?, tool_calls: [{ id, name, arguments }] }`.
 */
export function outputOf({ content, refusal, toolCalls }: Answer): unknown {
  if (toolCalls.length > 0) {
    const calls = toolCalls.map((call) => ({
      id: call.id,
      name: call.name,
      arguments: parsedObject(call.arguments) ?? call.arguments,
    }))
    return { ...(content === undefined ? {} : { content }), tool_calls: calls }
  }
  if (content === undefined) return refusal === undefined ? '' : { refusal }
  return parsedObject(content) ?? content
}

/** Where the answer's content is in its output. */
export function contentPointer({ toolCalls }: Answer, base: string): string {
  return toolCalls.length > 0 ? `${base}/content` : base
}

export function toolCallPointer(base: string, index: number): string {
  return `${base}/tool_calls/${index}`
}

/** The texts of an answer that its output has in another form: JSON that was taken apart. */
export function textsOf(answer: Answer, base: string): HandedOut[] {
  const { content, toolCalls } = answer
  const texts = toolCalls.map((call, index) => ({
    value: call.arguments,
    pointer: `${toolCallPointer(base, index)}/arguments`,
  }))
  if (content !== undefined && toolCalls.length === 0) texts.push({ value: content, pointer: base })
  return texts.filter(({ value }) => parsedObject(value))
}
