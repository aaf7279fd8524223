/** What a single explicit instruction asks of a text. */
export type Demand =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'avoid'; readonly text: string }
  | { readonly kind: 'start'; readonly text: string }
  | { readonly kind: 'end'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'greet'; readonly name: string }
  | { readonly kind: 'limit'; readonly count: number; readonly unit: 'words' | 'sentences' }
  | { readonly kind: 'style'; readonly style: 'concise' | 'polite' }
  | { readonly kind: 'tool'; readonly name: string }

/** What a prompt tells the model, as far as the simulation understands it. */
export type Instruction =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'hint'; readonly label: string; readonly text: string }
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'when'; readonly condition: Condition; readonly demand: Demand }
  | { readonly kind: 'otherwise'; readonly demand: Demand }
  | Demand

/** Holds where the text mentions one of the terms (or all of them), or, negated, where that is not so. */
export interface Condition {
  readonly terms: readonly string[]
  readonly all: boolean
  readonly negated: boolean
}
