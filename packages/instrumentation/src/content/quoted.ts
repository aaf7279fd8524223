/** Texts that need no escapes, and up to which length that is looked for. */
const mostTested = 1_024
const plainText = /^[ !#-[\]-~]*$/

/** As `JSON.stringify` of a text; twice as fast for one that needs no escapes. */
export function quoted(text: string): string {
  return text.length <= mostTested && plainText.test(text) ? `"${text}"` : JSON.stringify(text)
}
