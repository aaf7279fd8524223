/** Cuts a text for a subject line. */
export function shorten(text: string, length = 20): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
