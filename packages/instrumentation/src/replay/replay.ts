import type { Json, Trace2Error } from '@trace2/core'
import { ATTR_REPLAY } from '@trace2/core'
import {
  type AskedInput,
  type AskingCall,
  type CallAnswerer,
  type Giver,
  type RecordedCall,
  type RecordedRun,
  requestRole,
} from '../answering/index.ts'
import { raise } from '../errors.ts'
import { readParameter } from '../operator/frame.ts'
import { guarded } from '../operator/guarded.ts'
import type { Operator } from '../operator/operator.ts'
import { shapeOf } from '../operator/shape.ts'
import { sourceText } from '../operator/source-text.ts'
import { findDeclared } from '../parameter/snapshot.ts'
import { type Answer, give } from './answer.ts'
import type { Changes } from './changes.ts'
import { nearestOf } from './nearest.ts'
import { Needs } from './needs.ts'
import { type ReplayPolicies, type Rule, ruleOf } from './policy.ts'
import { type Match, RecordedCalls } from './recorded-calls.ts'
import { type ReplayEnd, type ReplayReport, shownInputs, Tally } from './report.ts'

/** One replay: decides for each call whether the record answers it, or the call executes, or the replay ends. */
export class Replay implements CallAnswerer {
  readonly #run: RecordedRun
  readonly #policies: ReplayPolicies
  readonly #calls: RecordedCalls
  readonly #changes: Changes
  readonly #executed = new Tally()
  readonly #served = new Tally()
  readonly #stubbed = new Tally()
  readonly #fresh = new Tally()
  readonly #reasons = new Map<string, string>()
  readonly #saved: { calls: number; tokens: number; costUsd: number | null } = {
    calls: 0,
    tokens: 0,
    costUsd: null,
  }
  #hasBegun = false
  #end: (ReplayEnd & { readonly error: Trace2Error }) | undefined

  constructor(given: RecordedRun, policies: ReplayPolicies) {
    // What has effects is never made again, not even where it is all that there is of a run.
    const isAgent = given.root !== null && given.calls[given.root]?.hasEffects === false
    const run = isAgent ? given : { ...given, root: null }
    this.#run = run
    this.#policies = policies
    const needs = new Needs(run.calls, policies)
    this.#calls = new RecordedCalls(run, needs)
    this.#changes = needs.changes
  }

  /** What a call gives: what it does itself, or what is recorded. Throws where the replay cannot go on. */
  answer(call: AskingCall): unknown {
    const { operator } = call
    if (this.#end) return this.#refuse(call, this.#end.error)
    if (this.#isRoot(operator)) return call.execute()
    const rule = ruleOf(this.#policies, operator.name)
    const giver = guarded(() => this.#decide(call, rule))
    if (giver) return giver()
    // Whatever is wrong here is no business of the agent's, and no reason to do what must not be done.
    return operator.hasEffects
      ? this.#stop(call, undefined, 'not replayable', 'its record could not be read')()
      : call.execute()
  }

  report(): ReplayReport {
    const unused = new Tally()
    for (const { op } of this.#calls.unused()) unused.add(op)
    const end = this.#end
    return {
      executed: this.#executed.toJSON(),
      served: this.#served.toJSON(),
      stubbed: this.#stubbed.toJSON(),
      fresh: this.#fresh.toJSON(),
      unused: unused.toJSON(),
      saved: { ...this.#saved },
      reasons: Object.fromEntries(this.#reasons),
      ended: end
        ? {
            kind: end.kind,
            reason: end.reason,
            op: end.op,
            inputs: end.inputs,
            nearest: end.nearest,
          }
        : null,
    }
  }

  /** The error that ended the replay, whatever the agent has made of it. */
  get error(): Trace2Error | undefined {
    return this.#end?.error
  }

  #isRoot({ name, hasEffects }: Operator): boolean {
    const { root, calls } = this.#run
    if (this.#hasBegun || hasEffects || root === null || calls[root]?.op !== name) return false
    this.#hasBegun = true
    return true
  }

  /** What gives a call its result: the record, a stub, the operator itself, or an error. */
  #decide(call: AskingCall, rule: Rule): Giver {
    if (rule.stub !== undefined) return this.#giveStub(call, rule.stub)
    const { operator } = call
    const asked = guarded(() => call.asked())
    const mayRun = !operator.hasEffects && rule.use !== 'recorded'
    const calls = this.#calls.of(operator.name, volatileOf(call, rule))
    const match = asked && calls.find(asked, operator.hasEffects ? undefined : operator.sourceHash)
    if (rule.use === 'live' && mayRun) return this.#execute(call, match, undefined)
    if (match && match.change === undefined) {
      const giver = this.#giverOf(call, match.entry.call)
      if (typeof giver === 'function') return this.#serve(call, match, giver)
      if (mayRun) return this.#execute(call, match, giver)
      return this.#stop(
        call,
        asked,
        'not replayable',
        `its recorded answer cannot be given: ${giver}`,
      )
    }
    const blind = calls.blindness(asked)
    if (mayRun) return this.#execute(call, match, match?.change ?? blind)
    if (blind !== undefined && match === undefined && calls.entries.length > 0) {
      const why = `${blind}; if it does not matter, declare it volatile`
      return this.#stop(call, asked, 'not replayable', why)
    }
    const why =
      match?.change ??
      (calls.entries.length === 0
        ? 'the record has no call of it'
        : 'the record has no call of it with these inputs, or has answered each already')
    return this.#stop(call, asked, 'diverged', why)
  }

  #execute(call: AskingCall, match: Match | undefined, reason: string | undefined): Giver {
    const { name } = call.operator
    this.#executed.add(name)
    if (match) {
      const { index } = match.entry
      this.#calls.take(index)
      call.recording?.watch(this.#changes.executed(index))
    } else {
      this.#fresh.add(name)
      call.recording?.watch(this.#changes.suspect(name, this.#calls.unasked(name)))
    }
    if (reason !== undefined && !this.#reasons.has(name)) this.#reasons.set(name, reason)
    return () => call.execute()
  }

  #giverOf(call: AskingCall, recorded: RecordedCall): Giver | string {
    if (call.ofModel) return call.ofModel.giver(recorded)
    const { outcome, form } = recorded
    if (outcome.kind === 'lost') return outcome.reason
    return () =>
      give(outcome, formOf(call.operator, form), () => {
        const why = 'more was read of its stream than is recorded'
        throw this.#ended(call, undefined, 'not replayable', why)
      })
  }

  #serve(call: AskingCall, { entry }: Match, giver: Giver): Giver {
    const { recording } = call
    const { index, call: recorded } = entry
    this.#served.add(recorded.op)
    for (const { costUsd, tokens } of this.#calls.takeWhole(index)) {
      this.#saved.calls++
      this.#saved.tokens += tokens
      if (costUsd !== null) this.#saved.costUsd = (this.#saved.costUsd ?? 0) + costUsd
    }
    guarded(() => {
      recording?.annotate({ [ATTR_REPLAY]: 'served' })
      // Its span shows what it had used, as if it had run.
      for (const [name] of recorded.parameters) {
        const parameter = findDeclared(name)?.parameter
        if (parameter) readParameter(parameter)
      }
    })
    return giver
  }

  #giveStub(call: AskingCall, value: Json): Giver {
    const { operator, recording } = call
    this.#stubbed.add(operator.name)
    guarded(() => recording?.annotate({ [ATTR_REPLAY]: 'stubbed' }))
    if (call.ofModel) return call.ofModel.stub(value)
    return () => give({ kind: 'value', value }, formOf(operator, null), neverPast)
  }

  #stop(
    call: AskingCall,
    asked: readonly AskedInput[] | undefined,
    kind: ReplayEnd['kind'],
    why: string,
  ): Giver {
    const error = this.#ended(call, asked, kind, why)
    return () => this.#refuse(call, error)
  }

  /** Ends the replay, once. */
  #ended(
    { operator }: AskingCall,
    asked: readonly AskedInput[] = [],
    kind: ReplayEnd['kind'],
    why: string,
  ): Trace2Error {
    if (this.#end) return this.#end.error
    const op = operator.name
    const nearest = nearestOf(asked, this.#calls.of(op, []).entries)
    const reason = [
      `${op} was not executed: ${why}.`,
      ...(nearest?.text === undefined ? [] : [`In the nearest recorded call, ${nearest.text}.`]),
    ].join(' ')
    const code = kind === 'diverged' ? 'T2_REPLAY_DIVERGED' : 'T2_REPLAY_INCOMPLETE'
    const error = raise(code, reason)
    this.#end = {
      kind,
      reason,
      op,
      inputs: shownInputs(asked),
      nearest: nearest && { inputs: nearest.inputs, difference: nearest.difference },
      error,
    }
    return error
  }

  #refuse({ operator, ofModel }: AskingCall, error: Trace2Error): unknown {
    if (ofModel) return ofModel.refuse(error)()
    const answer: Answer = { kind: 'thrown', error }
    return give(answer, formOf(operator, null), neverPast)
  }
}

/** Inputs that are not compared. Where there are any, the hash of a request as a whole is none either. */
function volatileOf({ operator, ofModel }: AskingCall, rule: Rule): readonly string[] {
  const declared = [...rule.volatile, ...(operator.options.volatile ?? [])]
  return ofModel && declared.length > 0 ? [...declared, requestRole] : declared
}

function neverPast(): never {
  throw new Error('a stream that is whole has nothing past its end')
}

/** The recorded form, or where the span does not tell, that of the function. */
function formOf({ fn }: Operator, recorded: string | null): string {
  if (recorded !== null) return recorded
  const { kind } = shapeOf(sourceText(fn))
  if (kind === 'async') return 'promise'
  return kind === 'plain' ? 'value' : kind
}
