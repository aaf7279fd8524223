/**
 * A text longer than this is not read at all. A text that was put together is kept by V8 in its parts, and the first look
 * inside copies it into one piece: 100 MB of text would cost 100 MB and 50 to 250 ms.
 */
export const mostRead = 2 * 1024 * 1024

/** What stands for a text that is not read. */
export function unreadText(text: string): string {
  return `[text of ${text.length} characters]`
}

/** The beginning of a text that is too long, never ending inside a surrogate pair; ends in `…`. */
export function cut(text: string, length: number): string {
  if (text.length > mostRead) return unreadText(text)
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`
}
