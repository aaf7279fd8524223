import { counted } from '@trace2/core'
import type { Trial } from '@trace2/store'
import { raise } from '../errors.ts'
import { failureOf } from '../llm/index.ts'

/** What keeps every trial from a result, whatever it tries. */
export type OutageKind = keyof typeof outages

/** By kind: the error that it is, and how many trials in a row it befalls before an experiment ends with it. */
const outages = {
  quota: { code: 'T2_MODEL_QUOTA', inARow: 3 },
  key: { code: 'T2_MODEL_KEY', inARow: 3 },
  model: { code: 'T2_MODEL_UNKNOWN', inARow: 3 },
  // These pass by themselves: some trials at the same time may meet one, and the next does not.
  rate: { code: 'T2_MODEL_RATE', inARow: 6 },
  unreachable: { code: 'T2_MODEL_UNREACHABLE', inARow: 6 },
} as const

const network =
  /\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b|\bAPIConnection\w*|\bConnection error\b|\bfetch failed\b|\bcannot be reached\b|Connection refused|Failed to establish a new connection|\bConnectError\b/

/** As SDKs and servers write it: `402 …`, `(status 402)`, `Error code: 402`, `HTTP 402`. */
const status = /(?:^|:\s|\bstatus(?: code)?:? |\bError code: |\bHTTP(?:\/[\d.]+)? )(4\d\d|5\d\d)\b/i

/**
 * Why a trial has no result that says anything of what it tried: the endpoint that it asked does not answer anybody.
 * Agents of every kind end in words, so that these decide.
 */
export function outageOf({
  outcome,
  reason,
}: Pick<Trial, 'outcome' | 'reason'>): OutageKind | undefined {
  if (reason === null || (outcome !== 'failed' && outcome !== 'crashed')) return undefined
  if (network.test(reason)) return 'unreachable'
  const code = Number(status.exec(reason)?.[1] ?? 0)
  const { kind } = failureOf({ message: reason, ...(code === 0 ? {} : { status: code }) })
  return isOutage(kind) ? kind : undefined
}

function isOutage(kind: string): kind is OutageKind {
  return Object.hasOwn(outages, kind)
}

/** Tells an outage from the fault of one trial: an outage befalls all of them. */
export class OutageWatch {
  /** Trials that had a result so far. */
  #results = 0
  #inARow = 0
  /** How many trials had a result when a trial first met an outage, by its id. */
  readonly #met = new Map<string, number>()

  /**
   * @returns the outage for which a trial is to be run again; `undefined` where it has a result. Where others had results since
   * it first met one, that is its own failure.
   */
  metBy({ id, outcome, reason }: Pick<Trial, 'id' | 'outcome' | 'reason'>): OutageKind | undefined {
    const kind = outageOf({ outcome, reason })
    if (kind === undefined) {
      if (outcome !== 'interrupted') {
        this.#results++
        this.#inARow = 0
      }
      return undefined
    }
    const met = this.#met.get(id)
    if (met === undefined) this.#met.set(id, this.#results)
    return met !== undefined && this.#results > met ? undefined : kind
  }

  /** @throws what it is, where it has befallen some trials in a row: then it befalls all that follow. */
  check(kind: OutageKind, { reason }: Pick<Trial, 'reason'>): void {
    this.#inARow++
    const { code, inARow } = outages[kind]
    if (this.#inARow < inARow) return
    throw raise(
      code,
      `${counted(this.#inARow, 'trial')} in a row had no answer from what they asked; the last one: ${ended(reason ?? kind)} They are not kept as results: the same command runs them again.`,
    )
  }
}

/** A reason as a sentence of its own. */
function ended(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`
}
