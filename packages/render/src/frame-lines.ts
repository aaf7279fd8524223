import { formatCount, printableLines } from '@trace2/core'

/** A frame of source with its lines marked is no longer; a stack of a framework is. */
const longestFrame = 12
/** Lines of a longer one that are shown: those of the innermost call. */
const shownLines = 4

/** Where a call threw: the marked lines of source, or a stack. Of a long stack only the innermost call, unless all is asked for. */
export function frameLines(frame: string, full: boolean): readonly string[] {
  if (frame === '') return []
  const lines = printableLines(frame)
  if (full || lines.length <= longestFrame) return lines
  const shown = innermost(lines)
  return [...shown, `… ${formatCount(lines.length - shown.length)} more lines, see --full`]
}

/** Python has the innermost call last, before the error's message; others have it first, after the message. */
function innermost(lines: readonly string[]): readonly string[] {
  const isCall = lines.some((line) => /^\s*Traceback \(/.test(line)) ? pythonCall : /^\s+at /
  const python = isCall === pythonCall
  const from = python
    ? lines.findLastIndex((line) => isCall.test(line))
    : lines.findIndex((line) => isCall.test(line))
  if (from < 0) return lines.slice(0, shownLines)
  const calls = lines.slice(from, from + shownLines)
  const end = calls.findIndex((line) => !/^\s/.test(line))
  return end < 0 ? calls : calls.slice(0, end)
}

const pythonCall = /^\s*File ".*", line \d+/
