/** A fenced piece of data in an optimizer's prompt. */
export interface DataElement {
  readonly tag: string
  readonly attributes: ReadonlyMap<string, string>
  readonly content: string
}

const attribute = '[\\w:.-]+=(?:"[^"]*"|[^\\s">]+)'
const elementPattern = new RegExp(
  `<(\\w+)((?:\\s+${attribute})*)\\s+fence="?([\\w-]+)"?>\\n([\\s\\S]*?)\\n</\\1 fence="?\\3"?>`,
  'g',
)

/** Finds the elements `<TAG attr="…" fence="F">⏎…⏎</TAG fence="F">`; only the same fence closes one. */
export function dataElements(text: string): DataElement[] {
  return Array.from(
    text.matchAll(elementPattern),
    ([, tag = '', attributes = '', , content = '']) => ({
      tag,
      attributes: new Map(
        Array.from(attributes.matchAll(new RegExp(attribute, 'g')), ([pair]) => {
          const equals = pair.indexOf('=')
          return [pair.slice(0, equals), unescaped(pair.slice(equals + 1).replace(/^"|"$/g, ''))]
        }),
      ),
      content,
    }),
  )
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
