import { byteCount, bytesText } from './blob.ts'

/** What comes before bytes among the words of a text, and how many characters of base 64 after it are bytes for sure. */
interface Beginning {
  /** In every text that has it. */
  readonly sign: string
  readonly head: RegExp
  readonly shortest: number
  /** Whether it stays in the text. */
  readonly stays: boolean
}

const beginnings: readonly Beginning[] = [
  {
    sign: ';base64,',
    head: /data:([\w.+-]{1,64}\/[\w.+-]{1,64})(?:;[\w.+-]{1,32}=[^,;\s]{0,64}){0,4};base64,/gi,
    shortest: 64,
    stays: false,
  },
  // What a tool of the Model Context Protocol answered, as text.
  ...['data', 'blob', 'b64_json', 'file_data'].map((key) => ({
    sign: `"${key}"`,
    head: new RegExp(`"${key}"\\s{0,4}:\\s{0,4}"`, 'g'),
    shortest: 256,
    stays: true,
  })),
]

/** A text without the bytes among its words, as pages, Markdown and JSON have them: `[image/png, 75 bytes]` there. */
export function withoutBytes(text: string): string {
  return beginnings.reduce(withoutBytesAfter, text)
}

/** More than a span keeps of a text: what comes after it is not looked at. */
const mostShown = 1_048_576

function withoutBytesAfter(text: string, { sign, head, shortest, stays }: Beginning): string {
  if (text.length < shortest || !text.includes(sign)) return text
  let shown = ''
  let rest = text
  while (shown.length < mostShown) {
    let from = 0
    for (const { index, 0: beginning, 1: mimeType } of rest.slice(0, mostShown).matchAll(head)) {
      const start = index + beginning.length
      const notBase64 = /[^\w+/=-]/g
      notBase64.lastIndex = start
      const stop = notBase64.exec(rest)?.index ?? rest.length
      if (stop - start < shortest) continue
      const bytes = byteCount(rest.slice(start, stop))
      shown += rest.slice(from, stays ? start : index) + bytesText(mimeType, bytes)
      from = stop
    }
    if (from === 0) break
    rest = rest.slice(from)
  }
  return shown + rest
}
