import { markedLines } from '@trace2/core'
import type { Program } from '../program.ts'

/** The line of the source that a stack of the engine names first; `undefined` where it names none. */
export function lineOf(stack: string, { lineOffset }: Program): number | undefined {
  const line = Number(/parameter\.js:(\d+)/.exec(stack)?.[1]) - lineOffset
  return line > 0 ? line : undefined
}

/** The lines of the source around one, that one marked with what was thrown there. */
export function frameAt(line: number, { source }: Program, error: string): string {
  return markedLines(source.split('\n'), line, error)
}
