import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AnswerKeeper, KeptAnswer } from '@trace2/instrumentation/replay'

/** One answer as a line of the file has it. */
interface Line extends KeptAnswer {
  readonly request: string
  /** Which of the equal requests it answers, from 0. */
  readonly nth: number
  /** Milliseconds that it took. */
  readonly ms: number
}

/**
 * Keeps the answers of one trial in a file, a line each, which is written before the agent has the end of the answer: a
 * process that is killed loses none of them.
 */
export class AnswersFile implements AnswerKeeper {
  readonly #path: string
  readonly #known = new Map<string, Line>()
  /** Of each request, when those that are under way began. */
  readonly #asked = new Map<string, { count: number; readonly began: Map<number, number> }>()
  #begin = ''
  #savedMs = 0

  constructor(path: string) {
    this.#path = path
    const text = textOf(path)
    // A line that a crash has torn must not take the next one with it.
    if (text !== '' && !text.endsWith('\n')) this.#begin = '\n'
    for (const line of text.split('\n')) {
      const answer = parsed(line)
      if (answer) this.#known.set(`${answer.nth} ${answer.request}`, answer)
    }
  }

  /** What the answers that were given from the file had taken, as if one had come after the other. */
  get savedMs(): number {
    return this.#savedMs
  }

  take(request: string): KeptAnswer | undefined {
    const asked = this.#asked.get(request) ?? { count: 0, began: new Map<number, number>() }
    this.#asked.set(request, asked)
    const nth = asked.count++
    const known = this.#known.get(`${nth} ${request}`)
    if (known) this.#savedMs += known.ms
    else asked.began.set(nth, performance.now())
    return known
  }

  keep(request: string, answer: KeptAnswer): void {
    // Of equal requests at the same time nothing tells the answers apart.
    const [first] = this.#asked.get(request)?.began ?? []
    if (!first) return
    const [nth, began] = first
    this.#asked.get(request)?.began.delete(nth)
    const line: Line = { request, nth, ms: performance.now() - began, ...answer }
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    appendFileSync(this.#path, `${this.#begin}${JSON.stringify(line)}\n`, { mode: 0o600 })
    this.#begin = ''
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parsed(line: string): Line | undefined {
  if (line === '') return undefined
  try {
    const { request, nth, status, type, body, ms }: Partial<Line> = JSON.parse(line)
    const isWhole =
      typeof request === 'string' &&
      typeof nth === 'number' &&
      typeof status === 'number' &&
      typeof type === 'string' &&
      typeof body === 'string' &&
      typeof ms === 'number'
    return isWhole ? { request, nth, status, type, body, ms } : undefined
  } catch {
    return undefined
  }
}
