import { type Attributes, type Link, type Span, TraceFlags } from '@opentelemetry/api'
import {
  ATTR_INPUTS,
  formatInput,
  LINK_HOW,
  LINK_POINTER,
  LINK_ROLE,
  PREFIX_INPUT_TEMPLATE,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  type RecordedInput,
} from '@trace2/core'
import { findOrigin, findOrigins, type Match } from '../lineage/origins.ts'
import { isInside, originOf, type Producer, type Scope } from '../lineage/producer.ts'
import { callBudget, type WalkBudget, walk } from '../lineage/walk.ts'
import { isNodeObject } from '../node.ts'
import { isParameterObject } from '../parameter/parameter.ts'
import type { ParameterUse } from '../parameter/use.ts'
import type { RunState } from '../run/run-state.ts'
import { handlesIn } from './arguments.ts'
import { reportFailure } from './guarded.ts'
import type { Inputs } from './roles.ts'

/** How many parts of an output are traced to inner results. */
const mostReturned = 64
/** Entries that are sooner compared one by one than kept in a set. */
const few = 32

/** The dataflow edges into one span, collected while it runs. */
export class Edges {
  readonly #entries: string[] = []
  /** The same, once they are many. */
  #known: Set<string> | undefined
  #attributes: Attributes = {}
  #links: Link[] = []
  #written = 0
  /** The version of each parameter that has the attributes under its plain name. */
  readonly #versions = new Map<string, string>()

  /** Writes what was added since the last time: links to the span, the rest among its attributes. */
  write(span: Span, attributes: Attributes): void {
    if (this.#entries.length === this.#written) return
    this.#written = this.#entries.length
    attributes[ATTR_INPUTS] = [...this.#entries]
    Object.assign(attributes, this.#attributes)
    if (this.#links.length > 0) span.addLinks(this.#links)
    this.#attributes = {}
    this.#links = []
  }

  /** Edges from the origins of a call's inputs; `lookup` is the run that the values come from. */
  addInputs(inputs: Inputs, lookup: RunState, run: RunState): void {
    const budget = callBudget()
    for (let index = 0; index < inputs.roles.length; index++) {
      try {
        this.#addInput(inputs, index, lookup, run, budget)
      } catch (error) {
        reportFailure(error)
      }
    }
  }

  #addInput(
    inputs: Inputs,
    index: number,
    lookup: RunState,
    run: RunState,
    budget: WalkBudget,
  ): void {
    const role = inputs.roles[index] ?? ''
    const passed = inputs.passed[index]
    const { matches, template } = findOrigins(passed, lookup, run, budget)
    if (template !== undefined) this.#attributes[PREFIX_INPUT_TEMPLATE + role] = template
    for (const match of matches) this.#addMatch(role, match, run)
    // What was put in place of nodes and parameters is known for certain, wherever and however many they are.
    if (passed === inputs.plain[index] || typeof passed !== 'object' || passed === null) return
    if (isNodeObject(passed) || isParameterObject(passed)) return
    for (const handle of handlesIn(passed)) {
      for (const match of findOrigins(handle, lookup, run).matches) {
        this.#addMatch(role, match, run)
      }
    }
  }

  /** An edge from a parameter that was used without being an argument. */
  addUse(role: string, use: ParameterUse, run: RunState): void {
    this.#addMatch(role, { origin: use.origin, use, how: 'exact' }, run)
  }

  /** Edges from the parameters whose value was read inside. */
  addReads(reads: readonly ParameterUse[], run: RunState): void {
    for (const use of reads) this.addUse(use.parameter.name, use, run)
  }

  /** Edges from inner results that the output hands out, as a whole or in part; returns who produced them. */
  addReturned(output: unknown, scope: Scope, run: RunState): Producer[] {
    const returned = new Set<Producer>()
    let parts = 0
    walk(output, (value) => {
      const found = parts < mostReturned ? findOrigin(value, run.lineage) : undefined
      if (!found || !isInside(found.part.producer.scope, scope)) return undefined
      parts++
      returned.add(found.part.producer)
      this.#add({ role: 'return', origin: originOf(found.part), how: found.how })
      return false
    })
    return [...returned]
  }

  #addMatch(role: string, match: Match, run: RunState): void {
    // A run's parameters are fixed, also where the origin was found in the run around it.
    if (match.use) this.#writeUse(match.use, run.isFirst(match.use))
    this.#add({ role, origin: match.origin, how: match.how })
  }

  #add(input: RecordedInput): void {
    const entry = formatInput(input)
    if (this.#known ? this.#known.has(entry) : this.#entries.includes(entry)) return
    this.#entries.push(entry)
    if (this.#entries.length === few) this.#known = new Set(this.#entries)
    this.#known?.add(entry)
    const { origin, role, how } = input
    if (origin.kind !== 'span') return
    const { traceId, spanId, pointer } = origin
    const attributes: Attributes = { [LINK_ROLE]: role, [LINK_HOW]: how }
    if (pointer !== '') attributes[LINK_POINTER] = pointer
    this.#links.push({
      context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED },
      attributes,
    })
  }

  /** The version on each use; what a trace needs to stand alone, on the first. */
  #writeUse(use: ParameterUse, first: boolean): void {
    const { parameter, version, propensity, isString, text } = use
    const attributes = this.#attributes
    const plain = this.#versions.get(parameter.name) ?? version
    this.#versions.set(parameter.name, plain)
    const key = plain === version ? parameter.name : `${parameter.name}@${version}`
    attributes[PREFIX_PARAM_VERSION + key] = version
    if (propensity < 1) attributes[PREFIX_PARAM_PROPENSITY + key] = propensity
    if (!first) return
    attributes[PREFIX_PARAM_VALUE + key] = isString ? JSON.stringify(text) : text
    attributes[PREFIX_PARAM_TRAINABLE + key] = parameter.trainable
    if (parameter.description !== '')
      attributes[PREFIX_PARAM_DESCRIPTION + key] = parameter.description
    if (parameter.schemaText !== undefined)
      attributes[PREFIX_PARAM_SCHEMA + key] = parameter.schemaText
    if (parameter.kind !== undefined) attributes[PREFIX_PARAM_KIND + key] = parameter.kind
  }
}
