import type { AnyValue } from '../../otlp/records.ts'

/** Attributes by their names. */
export type Members = Readonly<Record<string, AnyValue>>

export const each = <T>(size: number, make: (at: number) => T): T[] =>
  Array.from({ length: size }, (_, at) => make(at))
export const members = (size: number, make: (at: number) => readonly [string, AnyValue]): Members =>
  Object.fromEntries(each(size, make))
export const json = (value: unknown) => JSON.stringify(value)
/** Attributes with an index, as several conventions have them. */
export const indexed = (
  size: number,
  prefix: string,
  tail: string,
  make: (at: number) => AnyValue,
): Members => members(size, (at) => [`${prefix}.${at}.${tail}`, make(at)])
