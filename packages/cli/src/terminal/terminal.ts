import { printable } from '@trace2/core'
import { commandLines, type Paint, wrapped } from '@trace2/render'
import { ask } from './ask.ts'
import { asCalled, commandHere } from './called.ts'
import { confirm } from './confirm.ts'
import { interruption } from './interruption.ts'
import { painter, wantsColour } from './paint.ts'
import { type Progress, progressBar } from './progress.ts'
import type { OutputStream } from './stream.ts'

/** Where a command writes. Results go to standard output; what is about them (hints, progress) to standard error. */
export interface Terminal {
  /** Width to lay text out for. */
  readonly columns: number
  /** Whether a person looks at standard output. */
  readonly interactive: boolean
  /** The words that call the command here: `trace2`, `npx trace2`. Whatever is not printed gets them by itself. */
  readonly command: string
  /** Colours for {@link print}. */
  readonly paint: Paint
  /** Colours for {@link note}. */
  readonly paintNote: Paint
  /** Writes text and a line break to standard output. The text must be printable. */
  print(text: string): void
  /**
   * Writes text and a line break to standard error. The text must be printable. One sentence without colour is broken
   * between its words where the terminal is narrow, unless it is to stay as it is.
   */
  note(text: string, layout?: 'exact'): void
  /** Tells a person on standard error what may help next; says nothing when a program reads the output. */
  hint(text: string): void
  /** Like {@link hint}: the commands that make sense next, one a line. */
  next(commands: readonly string[]): void
  progress(label: string): Progress
  /** Asks a person; `undefined` where nobody is there to answer. The question must be printable. */
  confirm(question: string): Promise<boolean | undefined>
  /** Asks a person for a line; `undefined` where nobody is there to answer. The question must be printable. */
  ask(question: string): Promise<string | undefined>
  /** From now on the first Ctrl-C aborts the signal instead of ending the process; `notice` is then printed. */
  interruption(notice: string): AbortSignal
  /** From now on the process goes on where nobody reads what it says: others depend on it. */
  serve(): void
}

/** Columns for output that goes to a file or another program. */
const columnsOfNoTerminal = 120

/** Nothing is laid out for less: it would be unreadable either way. */
const narrowest = 40

/** What a terminal is of: a process, or what stands for one. */
export interface Surroundings {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: NodeJS.ProcessEnv
  readonly argv: readonly string[]
}

/** The terminal of this process; `serve` is what {@link Terminal.serve} does. */
export function processTerminal(
  { stdout, stderr, env, argv }: Surroundings = process,
  serve: () => void = () => {},
): Terminal {
  const paintNote = painter(wantsColour(stderr.isTTY === true, env))
  const columns = Math.max(narrowest, columnsOf(stdout, env.COLUMNS))
  const command = commandHere({ env, file: argv[1] })
  const called = (text: string) => asCalled(text, command)
  const note = (told: string, layout?: 'exact') => {
    const text = called(told)
    const laidOut = layout === 'exact' || /\p{Cc}/u.test(text)
    stderr.write(`${laidOut ? text : wrapped(text, columns).join('\n')}\n`)
  }
  const notes = (lines: readonly string[]) => {
    for (const line of lines) note(paintNote('faint', line))
  }
  return {
    columns,
    interactive: stdout.isTTY === true,
    command,
    paint: painter(wantsColour(stdout.isTTY === true, env)),
    paintNote,
    print(text) {
      stdout.write(`${text}\n`)
    },
    note,
    hint(text) {
      if (stdout.isTTY) notes(['', ...wrapped(printable(called(text)), columns)])
    },
    next(commands) {
      if (!stdout.isTTY || commands.length === 0) return
      notes([
        '',
        'Next:',
        ...commands.flatMap((one) => commandLines(printable(called(one)), columns)),
      ])
    },
    progress: (label) => progressBar(label, stderr),
    confirm: async (question) =>
      process.stdin.isTTY && stderr.isTTY ? confirm(question, process.stdin, stderr) : undefined,
    ask: async (question) =>
      process.stdin.isTTY && stderr.isTTY ? ask(question, process.stdin, stderr) : undefined,
    interruption: (notice) =>
      interruption(() =>
        note(paintNote('faint', `\n${notice} Press Ctrl-C again to stop at once.`)),
      ),
    serve,
  }
}

function columnsOf(stream: OutputStream, variable: string | undefined): number {
  const { isTTY, columns = 0 } = stream
  if (isTTY && columns > 0) return columns
  const wanted = Number(variable)
  return Number.isInteger(wanted) && wanted > 0 ? wanted : columnsOfNoTerminal
}
