import { parameterVersion } from '@trace2/core'
import type { RecordedCall } from '../answering/index.ts'
import { useOf } from '../operator/frame.ts'
import { sourcesOf } from '../operator/known-sources.ts'
import { currentSnapshot, findDeclared } from '../parameter/snapshot.ts'
import { Changes } from './changes.ts'
import { isForced, type ReplayPolicies, ruleOf } from './policy.ts'

/** Tells whether what a recorded call rests on, with all calls inside it, is still as it was. */
export class Needs {
  readonly #calls: readonly RecordedCall[]
  readonly #policies: ReplayPolicies
  readonly #children: readonly (readonly number[])[]
  /** Why a call with all inside it does not hold any more; `undefined` where it does. */
  readonly #known = new Map<number, string | undefined>()
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
    for (const at of found) for (const child of this.#childrenOf(at)) found.push(child)
    return found
  }

  /** What has changed for a call, whose operator has the source that it had, or for one inside it. */
  changeOf(index: number): string | undefined {
    const call = this.#calls[index]
    const own = call && changedParameter(call)
    if (own !== undefined) return own
    for (const child of this.#childrenOf(index)) {
      const change = this.#changeInside(child)
      if (change !== undefined) return change
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
      if (change !== undefined) return change
    }
    return undefined
  }

  #childrenOf(index: number): readonly number[] {
    return this.#children[index] ?? []
  }

  /** From the innermost outwards and without recursion; each call is looked at once, however many are around it. */
  #changeInside(index: number): string | undefined {
    const stack = [index]
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const call = this.#calls[at]
      const own = call && this.#ownChange(call)
      const missing =
        own !== undefined ? [] : this.#childrenOf(at).filter((child) => !this.#known.has(child))
      if (missing.length > 0) {
        for (const child of missing) stack.push(child)
        continue
      }
      stack.pop()
      const change =
        own ??
        this.#childrenOf(at)
          .map((child) => this.#known.get(child))
          .find((found) => found !== undefined)
      this.#known.set(at, change)
    }
    return this.#known.get(index)
  }

  /** What this process does not know, because it has not come to it yet, is taken to be as it was. */
  #ownChange(call: RecordedCall): string | undefined {
    const { op, source, isLocal } = call
    const changed = changedParameter(call)
    if (changed !== undefined || !isLocal) return changed
    if (isForced(ruleOf(this.#policies, op))) return `${op} inside it is not answered by the record`
    const sources = source === null ? undefined : sourcesOf(op)
    if (source === null || !sources || sources.has(source)) return undefined
    return `the source of ${op} inside it has changed`
  }
}

function changedParameter({ op, parameters }: RecordedCall): string | undefined {
  for (const [name, version] of parameters) {
    const now = versionNow(name)
    if (now === undefined || now === version) continue
    return `the parameter ${name}, which ${op} uses, has changed`
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
