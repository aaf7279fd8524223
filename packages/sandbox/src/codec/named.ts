import { languageNames } from '@trace2/source'
import { get, getOwnPropertyDescriptor, Table } from './intrinsics.ts'

/** Built-in objects of the language, which each side has for itself, by name; and their prototypes. */
const byName = new Table<string, object>()
const names = new Table<unknown, string>()
const prototypeNames = new Table<unknown, string>()
const symbols = new Table<string, symbol>()
const symbolNames = new Table<unknown, string>()

for (const name of languageNames) {
  const value: unknown = get(globalThis, name)
  if (!isObject(value)) continue
  byName.set(name, value)
  names.set(value, name)
  const prototype: unknown = getOwnPropertyDescriptor(value, 'prototype')?.value
  if (isObject(prototype)) prototypeNames.set(prototype, name)
}
for (const name of Object.getOwnPropertyNames(Symbol)) {
  const value: unknown = get(Symbol, name)
  if (typeof value !== 'symbol') continue
  symbols.set(name, value)
  symbolNames.set(value, name)
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

export function nameOfBuiltIn(value: unknown): string | undefined {
  return names.get(value)
}

export function builtIn(name: unknown): object | undefined {
  return typeof name === 'string' ? byName.get(name) : undefined
}

export function nameOfPrototype(value: unknown): string | undefined {
  return prototypeNames.get(value)
}

export function builtInPrototype(name: unknown): object | undefined {
  const holder = builtIn(name)
  const prototype: unknown = holder && getOwnPropertyDescriptor(holder, 'prototype')?.value
  return isObject(prototype) ? prototype : undefined
}

export function nameOfSymbol(value: symbol): string | undefined {
  return symbolNames.get(value)
}

export function wellKnownSymbol(name: unknown): symbol | undefined {
  return typeof name === 'string' ? symbols.get(name) : undefined
}
