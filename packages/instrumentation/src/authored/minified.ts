import type { DeclaredArgument } from '../operator/signature.ts'

const longestShort = 2

/** Whether a name may be one that a minifier made. */
export function isShort(name: string): boolean {
  return name.length <= longestShort
}

/** Whether source text is as a minifier leaves it: no blank where everybody writes one. */
export function looksMinified(source: string): boolean {
  return /\)\{\S|=>\{\S|=>[^\s{]/.test(source)
}

/** Whether a function's arguments have lost the names that their author gave them. */
export function hasMangledArguments(
  source: string,
  declared: readonly DeclaredArgument[],
): boolean {
  const names = declared.flatMap(({ name }) => (name === undefined ? [] : [name]))
  return names.length > 0 && names.every(isShort) && looksMinified(source)
}
