import { memberOf } from './json.ts'
import { printedPart } from './printed-part.ts'
import { CLASS, pythonObject } from './python-literal.ts'

/**
 * A message that Python has printed, by the names that it has elsewhere: `ChatMessage(role=<MessageRole.USER: 'user'>, blocks=[…])`
 * of LlamaIndex, `ChatMessage(_role=…, _content=[…])` of Haystack, `HumanMessage(content='…')` of LangChain. `undefined` of any
 * other text.
 */
export function printedMessage(text: string): object | undefined {
  if (!/^\s*(?:[\w.]*Message(?:Chunk)?)\(/.test(text)) return undefined
  const message = pythonObject(text)
  if (typeof message !== 'object' || message === null) return undefined
  const content = memberOf(message, '_content', 'content', 'blocks')
  const of = memberOf(message, CLASS)
  const role = memberOf(message, '_role', 'role')
  return {
    ...message,
    ...(role === undefined ? { type: of } : { role }),
    ...(Array.isArray(content) ? { content: content.map(printedPart) } : {}),
  }
}
