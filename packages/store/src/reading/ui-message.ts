import { memberOf, textOf } from './json.ts'
import { typedResult } from './message-parts.ts'

/**
 * A message of an AI SDK's user interface as the messages that it stands for: an assistant's calls of tools, with what each has
 * answered as soon as it has, are parts of one message there (`{type: 'tool-NAME', toolCallId, input, output}`). `undefined` of
 * any other message.
 */
export function uiMessages(message: unknown): readonly object[] | undefined {
  const parts = memberOf(message, 'parts', 'content')
  if (!Array.isArray(parts) || !parts.some((part) => toolOf(part) !== undefined)) return undefined
  const role = textOf(memberOf(message, 'role')) ?? 'assistant'
  return parts.flatMap((part): object[] => {
    const name = toolOf(part)
    if (name === undefined) return isStart(part) ? [] : [{ role, content: [part] }]
    const id = memberOf(part, 'toolCallId')
    const call = { role, tool_calls: [{ id, name, arguments: memberOf(part, 'input') ?? {} }] }
    const output = memberOf(part, 'output', 'errorText')
    if (output === undefined) return [call]
    return [call, { role: 'tool', tool_call_id: id, content: typedResult(output) }]
  })
}

/** The tool that a part is a call of. */
function toolOf(part: unknown): string | undefined {
  const type = textOf(memberOf(part, 'type'))
  if (type === undefined || typeof memberOf(part, 'toolCallId') !== 'string') return undefined
  if (type === 'dynamic-tool') return textOf(memberOf(part, 'toolName'))
  return type.startsWith('tool-') && memberOf(part, 'state') !== undefined
    ? type.slice('tool-'.length)
    : undefined
}

function isStart(part: unknown): boolean {
  return memberOf(part, 'type') === 'step-start'
}
