import { hasSpareBlanks } from '@trace2/source'
import type { DeclaredArgument } from '../operator/signature.ts'

const longestShort = 2

/** Whether a name may be one that a minifier made. */
export function isShort(name: string): boolean {
  return name.length <= longestShort
}

/**
 * Whether source text is as a minifier leaves it: no blank where everybody writes one, and none anywhere else. swc writes
 * `(n)=>n * 2`.
 */
export function looksMinified(source: string): boolean {
  return /\)\{\S|=>\{\S|=>[^\s{]/.test(source) && !hasSpareBlanks(source)
}

/** The names of arguments, without those of patterns, which have none. */
export function namesIn(declared: readonly DeclaredArgument[]): readonly string[] {
  return declared.flatMap(({ name }) => name ?? [])
}
