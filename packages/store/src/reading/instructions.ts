import { memberOf, structured, textOf } from './json.ts'
import { unwrappedMessage } from './wrapped-message.ts'

/** `[{"type":"text","content":"…"}]`, a message with such parts, or plain text. */
export function instructionsText(written: unknown): string | undefined {
  const value = structured(written)
  if (typeof value === 'string') return textOf(value)
  const parts = Array.isArray(value) ? value : partsIn(value)
  const texts = parts.flatMap(
    (part) => textOf(part) ?? textOf(memberOf(part, 'content', 'text')) ?? [],
  )
  return textOf(texts.join('\n'))
}

function partsIn(message: unknown): readonly unknown[] {
  const held = memberOf(unwrappedMessage(message), 'parts', 'content', 'text')
  return Array.isArray(held) ? held : [held]
}
