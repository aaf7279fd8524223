import type { RecordedEdgeKind } from '@trace2/core'
import { comparableText } from '../content/kinds.ts'
import { shapeOf } from '../inspection/members.ts'
import { isParameterObject } from '../parameter/parameter.ts'
import { findParameterObject, isParameterUse } from '../parameter/use.ts'
import type { RunState } from '../run/run-state.ts'
import type { Lineage } from './lineage.ts'
import { isNodeObject } from './node.ts'
import { originOf, type Part } from './producer.ts'
import type { Source } from './templates.ts'
import { isOpen, type WalkBudget, walk } from './walk.ts'

/** A found origin, and how it is known. */
export interface Match extends Source {
  readonly how: RecordedEdgeKind
}

/** Where an input came from. `template` is its static text where a template made it. */
export interface Origins {
  readonly matches: readonly Match[]
  readonly template: string | undefined
}

const outside: Origins = { matches: [], template: undefined }

/** Strings inside an argument are matched by value only from this length on: `role: 'assistant'` means nothing. */
const nestedLength = 16

/**
 * Finds where an input came from, in the documented order: handle, object identity, template, equal value. `within` is
 * the run whose values its parameters have; a call that opens a run is given values from around it.
 */
export function findOrigins(
  value: unknown,
  run: RunState,
  within: RunState = run,
  budget?: WalkBudget,
): Origins {
  if (typeof value === 'object' && value !== null) {
    const handle = matchHandle(value, within)
    if (handle) return { matches: handle, template: undefined }
    const found = findOrigin(value, run.lineage)
    if (found) return { matches: [toMatch(found.part, found.how)], template: undefined }
    return isOpen(value) ? findInside(value, run, within, budget) : findEqual(value, run)
  }
  if (typeof value === 'bigint') return findEqual(value, run)
  if (typeof value === 'string') {
    const template = run.lineage.templates.find(value)
    if (template) {
      const matches = template.sources.map((source) => ({ ...source, how: 'template' as const }))
      return { matches, template: template.text }
    }
  }
  const found = findOrigin(value, run.lineage)
  return found ? { matches: [toMatch(found.part, found.how)], template: undefined } : outside
}

/** Where a date, a URL, bytes or a bigint came from, by what is written of it. */
function findEqual(value: object | bigint, run: RunState): Origins {
  const text = run.lineage.matchesValues ? comparableText(value) : undefined
  const part = text === undefined ? undefined : run.lineage.values.find(text)
  return part ? { matches: [toMatch(part, 'value')], template: undefined } : outside
}

/** The one origin of a plain value by identity or equality. */
export function findOrigin(
  value: unknown,
  lineage: Lineage,
): { readonly part: Part; readonly how: 'identity' | 'value' } | undefined {
  if (typeof value === 'object' && value !== null) {
    const part = lineage.identities.find(value) ?? findParameterObject(value)
    return part && { part, how: 'identity' }
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const part = lineage.matchesValues ? lineage.values.find(value) : undefined
  return part && { part, how: 'value' }
}

function matchHandle(value: object, run: RunState): Match[] | undefined {
  if (shapeOf(value) !== 'other') return undefined
  if (isParameterObject(value)) {
    const use = run.use(value)
    return [{ origin: use.origin, use, how: 'exact' }]
  }
  if (!isNodeObject(value)) return undefined
  return value.origin ? [{ origin: value.origin, use: undefined, how: 'exact' }] : []
}

/** An object put together for the call: where its parts came from. */
function findInside(
  container: object,
  run: RunState,
  within: RunState,
  budget: WalkBudget | undefined,
): Origins {
  const matches: Match[] = []
  const visit = (value: unknown) => {
    if (value === container || isInsignificant(value)) return undefined
    const inner = isOpen(value) ? matchWhole(value, run) : findOrigins(value, run, within).matches
    matches.push(...inner)
    return inner.length === 0 ? undefined : false
  }
  walk(container, visit, budget)
  return { matches: distinct(matches), template: undefined }
}

/** What is not matched inside an argument: what has no text, or a short one. */
function isInsignificant(value: unknown): boolean {
  if (typeof value === 'string') return value.length < nestedLength
  if (typeof value === 'number') return String(value).length < nestedLength
  if (typeof value === 'bigint') return (comparableText(value) ?? '').length < nestedLength
  return typeof value !== 'object' || value === null
}

function matchWhole(value: object, run: RunState): readonly Match[] {
  const found = findOrigin(value, run.lineage)
  return found ? [toMatch(found.part, found.how)] : []
}

function toMatch(part: Part, how: RecordedEdgeKind): Match {
  const use = isParameterUse(part.producer) ? part.producer : undefined
  return { origin: originOf(part), use, how }
}

function distinct(matches: readonly Match[]): Match[] {
  const byOrigin = new Map<string, Match>()
  for (const match of matches) {
    const key = JSON.stringify(match.origin)
    if (!byOrigin.has(key)) byOrigin.set(key, match)
  }
  return [...byOrigin.values()]
}
