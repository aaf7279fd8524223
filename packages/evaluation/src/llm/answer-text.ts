/**
 * What a message says, wherever an endpoint puts it: in its content, which can be a list of parts; in the arguments of a
 * tool that it calls, since some answer a JSON schema so; or, where it says nothing else, in its reasoning.
 */
export function answerText(message: unknown): string {
  const called = [...listOf(message, 'tool_calls').map(argumentsOf), argumentsOf(message)]
  const said = [contentText(memberOf(message, 'content')), ...called].filter((text) => text !== '')
  if (said.length > 0) return said.join('\n')
  const otherwise = ['refusal', 'reasoning_content', 'reasoning', 'reasoning_details']
  return otherwise.map((name) => contentText(memberOf(message, name))).find((text) => text) ?? ''
}

/** A text, or what the parts of a list that are text say; of thoughts in it, nothing. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content.trim() === '' ? '' : content
  if (!Array.isArray(content)) {
    // Some endpoints parse what a schema was given for.
    return typeof content === 'object' && content !== null ? JSON.stringify(content) : ''
  }
  return content
    .map((part: unknown) => (typeof part === 'string' ? part : memberOf(part, 'text')))
    .filter((text) => typeof text === 'string')
    .join('')
}

function argumentsOf(call: unknown): string {
  const given = memberOf(memberOf(call, 'function') ?? memberOf(call, 'function_call'), 'arguments')
  if (typeof given === 'string') return given
  return given === undefined || given === null ? '' : JSON.stringify(given)
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name)
  return Array.isArray(list) ? list : []
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
