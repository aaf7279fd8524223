import type { Json } from '@trace2/core'
import type { Case, NewDataset, Trial } from '@trace2/store'
import { redactJson, redactRecord } from './redact-records.ts'
import type { Redactor } from './redactor.ts'

/** A dataset of what the rules leave: what goes in, what should come out, and what is said in words. */
export function redactDataset(dataset: NewDataset, redactor: Redactor): NewDataset {
  // What is no dataset is the store's to refuse.
  if (!Array.isArray(dataset.cases)) return dataset
  return {
    ...redactRecord({ ...dataset, cases: [] }, redactor),
    cases: dataset.cases.map((one: Case) => redactCase(one, redactor)),
  }
}

function redactCase(one: Case, redactor: Redactor): Case {
  const { id, inputs, reference, metadata, ...said }: Case = Object(one)
  const text = (value: string) => redactor.text(value)
  const left = redactMembers(inputs, redactor)
  const changed = JSON.stringify(left) !== JSON.stringify(inputs)
  return {
    ...one,
    ...redactRecord(said, redactor),
    // A hash of what was taken out could be guessed from.
    id:
      changed && typeof id === 'string'
        ? redactor.hash(id).slice(0, id.length)
        : redactRecord(id, redactor),
    inputs: left,
    reference: (redactJson(reference, text) ?? null) as Json,
    metadata: redactMembers(metadata, redactor),
  }
}

/** Trials of what the rules leave: outputs, and what is said in words. */
export function redactTrials(trials: readonly Trial[], redactor: Redactor): readonly Trial[] {
  return Array.isArray(trials) ? redactRecord(trials, redactor) : trials
}

/** Member by member, so that one that is replaced leaves an object of the others. */
function redactMembers<T extends Case['inputs']>(members: T, redactor: Redactor): T {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return members
  const left = Object.entries(members).flatMap(([name, member]): [string, Json][] => {
    const redacted = redactJson({ [name]: member }, (text) => redactor.text(text)) as Json
    return typeof redacted === 'object' && redacted !== null
      ? Object.entries(redacted)
      : [[name, redacted]]
  })
  return Object.fromEntries(left) as T
}
