import { bundle } from '@trace2/instrumentation'

export interface Person {
  readonly title: string
  readonly name: { readonly first: string; readonly last: string }
}

/** Written for people who fill in every field. Its source is a parameter. */
export const greeting = bundle(
  function greeting(person: Person): string {
    /** Greets a person by title and last name. Must never fail, whatever is missing. */
    return `Dear ${person.title.trim()} ${person.name.last.trim()}`
  },
  { trainable: true },
)

/** What really arrives, whatever the type says. */
export const people: readonly Person[] = JSON.parse(`[
  { "title": "Dr", "name": { "first": "Grace", "last": "Hopper" } },
  { "name": { "first": "Ada", "last": "Lovelace" } },
  { "title": "Mx", "name": { "first": "Cher" } },
  {}
]`)
