/** The same options, none of which may be `undefined`: they are absent then. */
export type Defined<Options> = { [Key in keyof Options]?: Exclude<Options[Key], undefined> }

/**
 * Leaves out the members that are `undefined`, so that defaults hold in their place.
 *
 * @example defined({ since: undefined, limit: 50 }) // { limit: 50 }
 */
export function defined<Options extends object>(options: Options): Defined<Options> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  // Object.entries knows no names; the filter above is what the type says.
  return Object.fromEntries(given) as Defined<Options>
}
