import type { IssuedBy } from '@trace2/core'

/** As many issuers are remembered; a source has one, and another after a move. */
const mostIssuers = 16

/** Tells documents that are older than one which was read before, as a cache on the way may give them. */
export class IssueOrder {
  readonly #latest = new Map<string, number>()

  /** Whether the issuer has sent a later document before. A document that says nothing of itself is never older. */
  isOlder(issued: IssuedBy | undefined): boolean {
    return issued !== undefined && issued.sequence < (this.#latest.get(issued.by) ?? -1)
  }

  /** Takes note of a document that is used. */
  remember(issued: IssuedBy | undefined): void {
    if (!issued) return
    this.#latest.delete(issued.by)
    this.#latest.set(issued.by, issued.sequence)
    const [oldest] = this.#latest.keys()
    if (oldest !== undefined && this.#latest.size > mostIssuers) this.#latest.delete(oldest)
  }
}
