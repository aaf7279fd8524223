export const most = Number('3')

/** Cuts a text for a subject line. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
