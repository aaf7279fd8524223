import { shared } from './shared.ts'

const linesAround = 3

/** The lines of a source around one line, numbered, that line marked with the type of error that was thrown there. */
export function markedLines(lines: readonly string[], number: number, error: string): string {
  const from = Math.max(1, number - linesAround)
  return lines
    .slice(from - 1, number + linesAround)
    .map((line, index) => {
      const current = from + index
      const mark = current === number ? '>' : ' '
      const comment = current === number ? `  // <-- ${error}` : ''
      return `${mark} ${String(current).padStart(4)} | ${line.slice(0, 200)}${comment}`
    })
    .join('\n')
}

/** An error can bring its own code frame: code that came from a parameter is in no file. */
const own = shared('failure.own-frames', () => new WeakMap<Error, string>())

/** Attaches a code frame to an error, for code that is in no file. {@link codeFrameOf} returns it. */
export function setCodeFrame(error: Error, frame: string): void {
  own.set(error, frame)
}

/** The code frame that the error brought along. */
export function codeFrameOf(error: Error): string | undefined {
  return own.get(error)
}
