import { canonicalJson } from './canonical.ts'
import { sha256 } from './sha256.ts'

/** SHA-256 of the canonical JSON of a value, 64 lower-case hex digits. */
export function valueHash(value: unknown): string {
  return sha256(canonicalJson(value))
}

/** Version of a parameter's value: the first 16 hex digits of its {@link valueHash}. */
export function parameterVersion(value: unknown): string {
  return valueHash(value).slice(0, 16)
}

/** Hash of an operator's source text: the first 16 hex digits of its SHA-256. */
export function sourceHash(source: string): string {
  return sha256(source).slice(0, 16)
}
