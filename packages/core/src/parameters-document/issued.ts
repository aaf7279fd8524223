/**
 * Who issued a parameters document, and when in relation to others: a document of the same issuer with a smaller number is
 * an older one, whatever was rolled back in between.
 */
export interface IssuedBy {
  /** Id of the issuer, for example of a collector with its store. */
  readonly by: string
  /** Grows with each change of the document. */
  readonly sequence: number
}

/** No id is longer. */
const longestId = 200

/** Reads the member `issued` of a parsed parameters document. `undefined` if it has none that can be used. */
export function readIssued(document: object): IssuedBy | undefined {
  const issued: unknown = 'issued' in document ? document.issued : undefined
  if (typeof issued !== 'object' || issued === null) return undefined
  if (!('by' in issued) || !('sequence' in issued)) return undefined
  const { by, sequence } = issued
  if (typeof by !== 'string' || by.length > longestId) return undefined
  if (typeof sequence !== 'number' || !Number.isFinite(sequence) || sequence < 0) return undefined
  return { by, sequence }
}
