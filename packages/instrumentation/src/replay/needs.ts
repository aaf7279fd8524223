import { useOf } from '../operator/frame.ts'
import { sourcesOf } from '../operator/known-sources.ts'
import { currentSnapshot, findDeclared } from '../parameter/snapshot.ts'
import { parameterVersion } from '../semconv/hash.ts'
import { Changes } from './changes.ts'
import { isForced, type ReplayPolicies, ruleOf } from './policy.ts'
import type { RecordedCall } from './recorded-run.ts'

/** Why a recorded call does not hold any more. */
interface Change {
  readonly reason: string
  /** Whether it may turn out later that nothing has changed: a module that is not loaded yet. */
  readonly isUnsure: boolean
}

/** Tells whether what a recorded call rests on, with all calls inside it, is still as it was. */
export class Needs {
  readonly #calls: readonly RecordedCall[]
  readonly #policies: ReplayPolicies
  readonly #children: readonly (readonly number[])[]
  readonly #known = new Map<number, Change | undefined>()
  readonly changes: Changes

  constructor(calls: readonly RecordedCall[], policies: ReplayPolicies) {
    this.#calls = calls
    this.#policies = policies
    const children = calls.map((): number[] => [])
    for (const [index, { parent }] of calls.entries()) {
      if (parent !== null) children[parent]?.push(index)
    }
    this.#children = children
    this.changes = new Changes(calls, (index) => {
      const call = calls[index]
      return call !== undefined && this.#ownChange(call) !== undefined
    })
  }

  /** A call and all calls inside it. */
  within(index: number): readonly number[] {
    const found = [index]
    // A list goes on with what is added to it on the way.
    for (const at of found) found.push(...this.#childrenOf(at))
    return found
  }

  /** What has changed for a call, whose operator has the source that it had, or for one inside it. */
  changeOf(index: number): string | undefined {
    const call = this.#calls[index]
    const own = call && changedParameter(call)
    if (own) return own.reason
    for (const child of this.#childrenOf(index)) {
      const change = this.#changeInside(child)
      if (change) return change.reason
    }
    return this.#changeAround(index)
  }

  /** What calls inside one got from calls outside, without its being passed to it. */
  #changeAround(index: number): string | undefined {
    const [, ...inside] = this.within(index)
    if (inside.length === 0) return undefined
    const own = new Set([index, ...inside])
    for (const at of inside) {
      for (const [source, pointer] of this.#calls[at]?.sources ?? []) {
        if (own.has(source) || !this.changes.mayDiffer(source, pointer)) continue
        const [by, from] = [this.#calls[at]?.op, this.#calls[source]?.op]
        return `${by} inside it uses the output of ${from}, which has changed`
      }
    }
    return undefined
  }

  /** What has changed in the parameters that a call with effects, and all calls inside it, had used. */
  parameterChangeOf(index: number): string | undefined {
    for (const at of this.within(index)) {
      const call = this.#calls[at]
      const change = call && changedParameter(call)
      if (change && !change.isUnsure) return change.reason
    }
    return undefined
  }

  #childrenOf(index: number): readonly number[] {
    return this.#children[index] ?? []
  }

  /** From the innermost outwards and without recursion; each call is looked at once, however many are around it. */
  #changeInside(index: number): Change | undefined {
    const unsure: number[] = []
    const stack = [index]
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const call = this.#calls[at]
      const own = call && this.#ownChange(call)
      const missing = own ? [] : this.#childrenOf(at).filter((child) => !this.#known.has(child))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      const change =
        own ??
        this.#childrenOf(at)
          .map((child) => this.#known.get(child))
          .find((found) => found !== undefined)
      this.#known.set(at, change)
      if (change?.isUnsure) unsure.push(at)
    }
    const found = this.#known.get(index)
    for (const at of unsure) this.#known.delete(at)
    return found
  }

  #ownChange(call: RecordedCall): Change | undefined {
    const { op, source, isLocal } = call
    const changed = changedParameter(call)
    if (changed || !isLocal) return changed
    if (isForced(ruleOf(this.#policies, op))) {
      return { reason: `${op} inside it is not answered by the record`, isUnsure: false }
    }
    if (source === null) return undefined
    const sources = sourcesOf(op)
    if (!sources) return { reason: `${op} inside it is not known yet`, isUnsure: true }
    if (sources.has(source)) return undefined
    return { reason: `the source of ${op} inside it has changed`, isUnsure: false }
  }
}

function changedParameter({ op, parameters, isLocal }: RecordedCall): Change | undefined {
  for (const [name, version] of parameters) {
    const now = versionNow(name)
    if (now === version) continue
    if (now !== undefined) {
      return { reason: `the parameter ${name}, which ${op} uses, has changed`, isUnsure: false }
    }
    if (isLocal) {
      return { reason: `the parameter ${name}, which ${op} uses, is not known yet`, isUnsure: true }
    }
  }
  return undefined
}

/** The version that a parameter has in this run; `undefined` for one that this process does not know. */
function versionNow(name: string): string | undefined {
  const declared = findDeclared(name)
  if (declared) return useOf(declared.parameter).version
  const [only] = currentSnapshot().values.get(name) ?? []
  return only && parameterVersion(only.value)
}
