import type { Json } from '@trace2/core'
import type { Case, NewDataset, Trial } from '@trace2/store'
import type { Redactor } from './redactor.ts'

/** A dataset of what the rules leave: what goes in, what should come out, and what is said in words. */
export function redactDataset(dataset: NewDataset, redactor: Redactor): NewDataset {
  // What is no dataset is the store's to refuse.
  if (!Array.isArray(dataset.cases)) return dataset
  return { ...dataset, cases: dataset.cases.map((one: Case) => redactCase(one, redactor)) }
}

function redactCase(one: Case, redactor: Redactor): Case {
  const { id, group, inputs, reference, feedback, metadata }: Case = Object(one)
  const left = redactMembers(inputs, redactor)
  const changed = JSON.stringify(left) !== JSON.stringify(inputs)
  return {
    ...one,
    // A hash of what was taken out could be guessed from.
    id: changed && typeof id === 'string' ? redactor.hash(id).slice(0, id.length) : id,
    group: typeof group === 'string' ? redactor.text(group) : group,
    inputs: left,
    reference: redactJson(reference, redactor),
    metadata: redactMembers(metadata, redactor),
    feedback: redactWords(feedback, ['label', 'comment'], redactor),
  }
}

/** Trials of what the rules leave: outputs, and what is said in words. */
export function redactTrials(trials: readonly Trial[], redactor: Redactor): readonly Trial[] {
  if (!Array.isArray(trials)) return trials
  return trials.map((trial: Trial) => {
    const { output, reason, scores }: Trial = Object(trial)
    return {
      ...trial,
      output: redactJson(output, redactor),
      reason: typeof reason === 'string' ? redactor.text(reason) : reason,
      scores: redactWords(scores, ['label', 'comment', 'error'], redactor),
    }
  })
}

function redactJson(value: Json, redactor: Redactor): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return redactor.text(value)
  return parsed(redactor.text(JSON.stringify(value)))
}

/** Member by member, so that one that is replaced leaves an object of the others. */
function redactMembers<T extends Case['inputs']>(members: T, redactor: Redactor): T {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return members
  const left = Object.entries(members).flatMap(([name, member]): [string, Json][] => {
    const redacted = redactJson({ [name]: member }, redactor)
    return typeof redacted === 'object' && redacted !== null
      ? Object.entries(redacted)
      : [[name, redacted]]
  })
  return Object.fromEntries(left) as T
}

function redactWords<T extends object>(
  list: readonly T[],
  members: readonly (keyof T)[],
  redactor: Redactor,
): readonly T[] {
  if (!Array.isArray(list)) return list
  return list.map((item: T): T => {
    const words = members.flatMap((member) => {
      const text: unknown = Object(item)[member]
      return typeof text === 'string' ? [[member, redactor.text(text)]] : []
    })
    return { ...item, ...Object.fromEntries(words) }
  })
}

/** What was replaced as a whole is no JSON any more. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
