import { diag } from '@opentelemetry/api'
import { printable } from '@trace2/core'

/** A request, or a part of one, that was not taken. */
export interface Refusal {
  /** Status of the answer: 200 where a part was taken. */
  readonly status: number
  readonly method: string
  readonly path: string
  /** `null` where a request has none; absent where there is no request. */
  readonly contentType?: string | null
  /** Why, and what the sender has to change. */
  readonly reason: string
}

/** Strangers choose paths and content types: so many kinds are kept, and each is cut. */
const MOST_KINDS = 32
const LONGEST = 120
const LONGEST_REASON = 600
const MINUTE_MS = 60_000
/** Stands for all kinds for which there is no room. */
const OTHERS = ''

interface Kind {
  readonly saidAt: number
  /** Refusals since that line. */
  readonly untold: number
  readonly latest: Refusal
}

/**
 * Says in the log what senders do wrong, because most exporters say nothing of what they are answered. The first
 * refusal of a kind is said at once, and then at most one a minute, with how many there were.
 */
export class RefusalLog {
  readonly #say: (line: string) => void
  readonly #now: () => number
  readonly #kinds = new Map<string, Kind>()

  constructor(say: (line: string) => void = (line) => diag.warn(line), now = Date.now) {
    this.#say = say
    this.#now = now
  }

  tell(refusal: Refusal): void {
    const now = this.#now()
    const own = keyOf(refusal)
    const key = this.#kinds.has(own) || this.#hasRoom(now) ? own : OTHERS
    const kind = this.#kinds.get(key)
    const since = (kind?.untold ?? 0) + 1
    const isDue = kind === undefined || now - kind.saidAt >= MINUTE_MS
    if (isDue) this.#say(lineOf(refusal, since > 1 ? since : 0))
    const latest = cutOff(refusal)
    this.#kinds.set(
      key,
      isDue ? { saidAt: now, untold: 0, latest } : { saidAt: kind.saidAt, untold: since, latest },
    )
  }

  /** Tells of a request that was answered with an error. */
  tellOf(request: Request, status: number, reason: string): void {
    const contentType = request.headers.get('content-type')
    const { pathname: path } = new URL(request.url)
    this.tell({ status, method: request.method, path, contentType, reason })
  }

  /** Says what has not been said yet. */
  close(): void {
    for (const kind of this.#kinds.values()) this.#sayRest(kind)
    this.#kinds.clear()
  }

  /** Kinds that have been quiet for a minute make room. */
  #hasRoom(now: number): boolean {
    if (this.#kinds.size < MOST_KINDS) return true
    for (const [key, kind] of this.#kinds) {
      if (now - kind.saidAt < MINUTE_MS) continue
      this.#sayRest(kind)
      this.#kinds.delete(key)
    }
    return this.#kinds.size < MOST_KINDS
  }

  #sayRest({ latest, untold }: Kind): void {
    if (untold > 0) this.#say(lineOf(latest, untold))
  }
}

/** Numbers in a reason are counts and places: they make no other kind. What is rejected of a request is of one kind. */
function keyOf({ status, method, path, contentType, reason }: Refusal): string {
  const why = status === 200 ? '' : reason.slice(0, LONGEST_REASON).replaceAll(/\d+/g, '#')
  return [status, cut(method), cut(path), cut(contentType ?? ''), why].join('\n')
}

/** `count` is how many there were since the last line of the kind; 0 where this is the first. */
function lineOf(refusal: Refusal, count: number): string {
  const { status, method, path, contentType, reason } = cutOff(refusal)
  const type = contentType === undefined ? '' : ` (${contentType ?? 'no content type'})`
  const what = `${method} ${path}${type}`
  const how = status === 200 ? `Took ${what} in part` : `Refused ${what} with ${status}`
  const many = count > 0 ? ` ${count} like this since the last such line.` : ''
  return printable(`${how}: ${reason}${many}`)
}

/** What is kept and said of a stranger's text. */
function cutOff({ status, method, path, contentType, reason }: Refusal): Refusal {
  return {
    status,
    method: cut(method),
    path: cut(path),
    ...(contentType !== undefined && { contentType: contentType && cut(contentType) }),
    reason: cut(reason, LONGEST_REASON),
  }
}

function cut(text: string, longest = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text
}
