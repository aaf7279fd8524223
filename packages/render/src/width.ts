import stringWidth from 'string-width'

/** Text of which every character is one column wide; most of it is, and measuring the rest is a hundred times slower. */
const plainText = /^[ -~]*$/

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Columns that a text takes in a terminal: two for wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  return plainText.test(text) ? text.length : stringWidth(text)
}

/**
 * Cuts a text to at most `columns`. A text that was cut ends in `…`. A character is never cut in two, unless it
 * consists of very many code points. The time depends on `columns` and not on the text.
 */
export function shorten(text: string, columns: number): string {
  if (columns < 1) return ''
  // No character takes more than two columns for each of its code units.
  if (text.length * 2 <= columns) return text
  const beginning = text.slice(0, columns * 16)
  if (plainText.test(beginning)) {
    return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
  }
  let kept = ''
  let used = 0
  let full = false
  for (const { segment } of graphemes.segment(beginning)) {
    used += displayWidth(segment)
    if (used > columns) return `${kept}…`
    full ||= used > columns - 1
    if (!full) kept += segment
  }
  return beginning.length === text.length ? text : `${kept}…`
}

/** Text filled with spaces to `columns`. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

/**
 * Breaks text at spaces into lines of at most `columns`, all indented as the text is; a word that is longer than a
 * line is broken where it must be.
 */
export function wrapped(text: string, columns: number): string[] {
  if (displayWidth(text) <= columns) return [text]
  const content = text.trimStart()
  const indent = ' '.repeat(Math.min(text.length - content.length, Math.floor(columns / 2)))
  const room = columns - indent.length
  const lines: string[] = []
  let line = ''
  for (const word of content.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (displayWidth(joined) <= room) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = broken(word, room)
    line = pieces.pop() ?? ''
    for (const piece of pieces) lines.push(piece)
  }
  return [...lines, line].map((one) => indent + one)
}

function broken(word: string, columns: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const { segment } of graphemes.segment(word)) {
    const width = displayWidth(segment)
    if (piece !== '' && used + width > columns) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += segment
    used += width
  }
  return [...pieces, piece]
}
