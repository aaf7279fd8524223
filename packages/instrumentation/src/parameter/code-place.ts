/** Where in a program's code something was declared. */
export interface Place {
  /** The file, without what follows `?` or `#`: a development server adds that when it evaluates a module again. */
  readonly file: string
  readonly query: string
  /** The function around it, as a stack names it; empty for a module. */
  readonly within: string
  /** Where that function begins, in the code that runs; `undefined` where the runtime does not tell. */
  readonly begins: { readonly line: number; readonly column: number } | undefined
  /** For people: file, line and column. */
  readonly text: string
}
