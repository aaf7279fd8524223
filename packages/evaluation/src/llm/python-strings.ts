/** A string as Python writes it: prefix, quotes and content. One that is not closed reaches to the end. */
const strings =
  /(?<![\p{L}\p{N}_])(?<prefix>[bfru]{0,2})(?:(?<three>"""|''')(?<long>(?:[^\\]|\\.?)*?)(?<closed>\k<three>|$)|(?<one>["'])(?<short>(?:[^\\]|\\.?)*?)(?<end>\k<one>|$))/gisu

/** Escapes that Python has and JSON has not; `\\` is one so that what follows it is none. */
const escapes =
  /\\(?:(?<known>["'\\/bfnrtu])|x(?<two>[0-9a-fA-F]{2})|U(?<eight>[0-9a-fA-F]{8})|(?<octal>[0-7]{1,3})|(?<control>[av])|(?<line>\r?\n))/g

const controls: { readonly [letter: string]: string } = { a: '\\u0007', v: '\\u000b' }

/**
 * Writes the strings of a Python literal as JSON and other lenient languages have them: without prefixes and triple
 * quotes, and with escapes that these know. What JSON says as well stays as it is.
 *
 * @example withoutPythonStrings(String.raw`{'a': u'caf\xe9'}`) // {'a': 'caf\u00e9'}
 */
export function withoutPythonStrings(text: string): string {
  return text.replace(strings, (whole: string, ...rest: unknown[]) => {
    const { prefix, three, long, closed, one, short, end } = Object(rest.at(-1))
    if ((closed ?? end) === '') return whole
    const content = String(long ?? short)
    const read = /r/i.test(prefix) ? content.replaceAll('\\', '\\\\') : known(content)
    if (three === undefined) return prefix === '' && read === content ? whole : one + read + one
    return `"${read.replace(/(?<!\\)"/g, '\\"').replaceAll('\n', '\\n')}"`
  })
}

function known(content: string): string {
  return content.replace(escapes, (whole: string, ...rest: unknown[]) => {
    const { two, eight, octal, control, line } = Object(rest.at(-1))
    if (control !== undefined) return controls[control] ?? whole
    if (line !== undefined) return ''
    const digits = two ?? eight
    if (digits === undefined && octal === undefined) return whole
    return (
      unit(digits === undefined ? Number.parseInt(octal, 8) : Number.parseInt(digits, 16)) ?? whole
    )
  })
}

/** A character by its number, escaped where a string could not hold it. */
function unit(code: number): string | undefined {
  if (code > 0x10ffff) return undefined
  return JSON.stringify(String.fromCodePoint(code)).slice(1, -1).replaceAll("'", "\\'")
}
