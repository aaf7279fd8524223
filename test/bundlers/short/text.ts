/** The first of a list. */
export const head = (l: readonly string[]): string => {
  return l.at(0) ?? ''
}
