import { printable, printableJson, printableLines, Trace2Error } from '@trace2/core'
import { type Paint, wrapped } from '@trace2/render'
import { raise } from '../errors.ts'
import { asCalled } from './called.ts'

/** What file systems, and what stands on them, say when they take no more. */
const noRoom = /No space left|File too large|Disk quota|ENOSPC|EFBIG|EDQUOT/i

/** Any thrown value as an error with a code and a remedy; what we did not foresee becomes `T2_INTERNAL`. */
export function explained(thrown: unknown): Trace2Error {
  if (thrown instanceof Trace2Error) return thrown
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  const code = noRoom.test(message) ? 'T2_DISK_FULL' : 'T2_INTERNAL'
  return raise(code, message, { cause: thrown })
}

export interface ErrorStyle {
  readonly json: boolean
  /** Adds the stacks of the error and its causes. */
  readonly debug: boolean
  readonly paint: Paint
  readonly columns: number
  /** The words that call the command here. */
  readonly command: string
}

/** The text for standard error: code, message and remedy; one JSON object where the command was asked for JSON. */
export function errorText(error: Trace2Error, style: ErrorStyle): string {
  const { json, debug, paint, columns, command } = style
  const { code } = error
  const message = asCalled(error.message, command)
  const remedy = asCalled(error.remedy, command)
  if (json) return printableJson({ error: { code, message, remedy } })
  const title = `error ${printable(code)}`
  const told = printableLines(`${title}: ${message}`)
  // A mark stands under the mistake in the line above it.
  const isMarked = (index: number) => [told[index], told[index + 1]].some(isMark)
  const [first = '', ...rest] = told.flatMap((line, index) =>
    isMarked(index) ? [line] : wrapped(line, columns),
  )
  const lines = [
    paint('error', title) + first.slice(title.length),
    ...rest,
    ...wrapped(printable(remedy), columns).map((line) => paint('faint', line)),
  ]
  if (debug) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      lines.push(...printableLines(cause.stack ?? String(cause)))
    }
  }
  return lines.join('\n')
}

function isMark(line: string | undefined): boolean {
  return line !== undefined && /^ *\^ *$/.test(line)
}
