import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_OP_OMITTED,
  ATTR_OP_ORDER,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_PIECES,
  ATTR_SESSION_ID,
  type Origin,
  pointerToken,
  shared,
} from '@trace2/core'
import { Budget } from '../content/budget.ts'
import { writeInputs, writeOutput } from '../content/capture.ts'
import { cut } from '../content/cut.ts'
import { isError } from '../content/kinds.ts'
import { type ContentSettings, contentSettings } from '../content/settings.ts'
import { type ValueText, valueText } from '../content/text.ts'
import { rememberError } from '../feedback/errors-thrown.ts'
import { RunState, surroundingState } from '../run/run-state.ts'
import { reportOutput } from '../tracing/recorder.ts'
import { Edges } from './edges.ts'
import { writeFailure } from './failure.ts'
import { type Frame, frameOf, withFrame } from './frame.ts'
import { guarded, reportFailure } from './guarded.ts'
import { objectsWithin } from './handed-out.ts'
import type { Operator } from './operator.ts'
import { newOutput, type Output } from './output.ts'
import type { Inputs } from './roles.ts'
import { Suspended } from './suspended.ts'
import { unrecorded } from './unrecorded.ts'

/** Calls of this process so far, of all copies. */
const calls = shared('recording.calls', () => ({ count: 0 }))

/** How a span differs from that of a plain operator. */
export interface SpanForm {
  /** Default: the operator's name. */
  readonly name?: string
  readonly kind?: SpanKind
  /** Beside the operator's own. */
  readonly attributes?: Attributes
}

/** The recording of one call of an operator: one span. */
export class Recording {
  readonly context: Context
  readonly run: RunState
  /** What of the call's values may leave the process. */
  readonly content: ContentSettings
  readonly #span: Span
  readonly #operator: Operator
  readonly #frame: Frame
  /** The run that the call was made in; not the same as the run that it opens. */
  readonly #around: RunState
  readonly #recorded: boolean
  readonly #edges = new Edges()
  readonly #budget: Budget
  readonly #output: Output | undefined
  readonly #opensRun: boolean
  #args: readonly unknown[] = []
  #hasEnded = false
  #suspended: Suspended[] | undefined
  #form: string | undefined
  #watcher: OutputWatcher | undefined

  constructor(
    operator: Operator,
    tracer: Tracer,
    context: Context,
    passed: readonly unknown[],
    span: SpanForm = {},
  ) {
    const outer = frameOf(context)
    const surrounding = outer ? { state: outer.run, inSpan: true } : surroundingState(context)
    this.#around = surrounding.state
    this.#opensRun = operator.kind === 'run' || !surrounding.inSpan
    this.run = this.#opensRun ? newRun(outer) : surrounding.state
    this.#operator = operator
    const { name = operator.name, kind = SpanKind.INTERNAL } = span
    // The SDK copies them.
    const attributes = span.attributes
      ? { ...operator.attributes, ...span.attributes }
      : operator.attributes
    this.#span = tracer.startSpan(name, { kind, attributes }, context)
    this.#recorded = this.#span.isRecording()
    const { traceId, spanId } = this.#span.spanContext()
    this.content = contentSettings(traceId, operator.options)
    this.#budget = new Budget(this.content.maxValueLength)
    let scope = outer?.scope
    if (this.#recorded) {
      scope = { traceId, spanId, parent: scope }
      this.#output = newOutput(scope)
      if (this.#opensRun) this.run.root = { traceId, spanId }
      if (outer) outer.hasInner = true
    }
    const refuses = operator.options.undeclaredParameters === 'refuse'
    const declared = refuses ? new Set(passed) : undefined
    this.#frame = { run: this.run, scope, reads: [], declared, hasInner: false }
    this.context = withFrame(trace.setSpan(context, this.#span), this.#frame)
  }

  /**
   * Writes what the call was given, and where that came from: edges and parameters first, then each input by itself, so that
   * what cannot be read of one costs only that.
   */
  begin(inputs: Inputs): void {
    if (!this.#recorded) return
    this.#args = inputs.plain
    // In this order: an SDK keeps the first 128 attributes of a span.
    const attributes: Attributes = {
      [ATTR_OP_ORDER]: calls.count++,
      [ATTR_INPUTS]: undefined,
      [ATTR_INPUT_VALUE]: '{}',
    }
    try {
      this.#edges.addInputs(inputs, this.#around, this.run)
      this.#addCode()
      this.#edges.write(this.#span, attributes)
    } catch (error) {
      reportFailure(error)
    }
    try {
      const { session: sessionOf } = this.#operator.options
      const session = sessionOf && unrecorded(() => sessionOf(...this.#args))
      if (session !== undefined) attributes[ATTR_SESSION_ID] = session
    } catch (error) {
      reportFailure(error)
    }
    try {
      writeInputs(attributes, this.#operator.name, inputs, this.content, this.#budget)
    } catch (error) {
      reportFailure(error)
    }
    this.#span.setAttributes(attributes)
  }

  #addCode(): void {
    const { code } = this.#operator
    if (code) this.#edges.addUse(code.name, this.run.use(code), this.run)
  }

  /** Adds attributes that an operator of a special kind has. */
  annotate(attributes: Attributes): void {
    if (this.#recorded) this.#span.setAttributes(attributes)
  }

  /** Where the result comes from; `undefined` where the call is not recorded. */
  get origin(): Origin | undefined {
    return this.#output?.origin
  }

  /** Notes an object that a stream hands out before it ends. */
  yielded(value: unknown, index: number): void {
    const producer = this.#output
    if (!producer || typeof value !== 'object' || value === null) return
    const part = { producer, pointer: pointerToken(index) }
    guarded(() => this.#around.lineage.identities.claim(value, part, this.#args))
  }

  /** JSON text of an item of a stream. */
  itemText(item: unknown): ValueText {
    const { maxValueLength } = this.content
    const text = guarded(() => valueText(item, new Budget(maxValueLength), maxValueLength, true))
    if (!text) return { text: 'null', isString: false, isCut: true, fidelity: 'opaque' }
    if (!text.isString) return text
    const isCut = text.text.length > maxValueLength
    return { ...text, text: JSON.stringify(brief(text.text, maxValueLength)), isCut }
  }

  /** Has it told how the call ends. */
  watch(watcher: OutputWatcher): void {
    this.#watcher = watcher
  }

  /** Notes how the caller gets the output: `promise` first and `generator` then is a promise of a generator. */
  giveAs(form: string): void {
    this.#form = this.#form === undefined ? form : `${this.#form} of ${form}`
  }

  /**
   * Waits for the caller to use a result; `undo` takes the watch off it. Where that never happens, the recording ends with
   * the run around it, or when the result is collected: with what `end` does, else with the unused result as the output.
   */
  suspend(
    result: object,
    undo: () => void,
    end: (unused: object | undefined) => void = (unused) => this.succeed(unused),
  ): Suspended {
    const suspended = new Suspended(result, this.#around, undo, end)
    this.#suspended ??= []
    this.#suspended.push(suspended)
    return suspended
  }

  /** Notes how many calls inside were too deep to be recorded. */
  noteOmitted(count: number): void {
    this.annotate({ [ATTR_OP_OMITTED]: count })
  }

  /**
   * Notes another form in which the part of the output at `pointer` is returned to the program, an object or a text; a `whole`
   * object has the parts that the output has there.
   */
  noteReturned(value: unknown, pointer: string, whole: boolean): void {
    const producer = this.#output
    if (!producer) return
    const { identities } = this.#around.lineage
    if (typeof value === 'string') {
      producer.texts = [...(producer.texts ?? []), { text: value, pointer }]
    } else if (typeof value === 'object' && value !== null) {
      const part = { producer, pointer }
      if (whole) identities.claim(value, part, [])
      else identities.note(value, part)
    }
    if (pointer === '') reportOutput(value, producer.scope)
  }

  /** Ends the span with a result; `known` is its text, where it is not to be made of the value. */
  succeed(value: unknown, known?: ValueText, stream?: StreamEnd): void {
    if (this.#hasEnded) return
    const output = this.#output
    if (output) {
      try {
        this.#write(output, value, known, stream)
      } catch (error) {
        reportFailure(error)
      }
    }
    this.#end()
  }

  #write(
    output: Output,
    value: unknown,
    known: ValueText | undefined,
    stream: StreamEnd | undefined,
  ): void {
    const attributes: Attributes = {}
    const whole = known ?? valueText(value, this.#budget, this.content.maxValueLength, true)
    this.#writeOutput(attributes, value, whole, stream)
    this.#watcher?.({ value, text: whole })
    output.text = whole.text
    output.isString = whole.isString
    this.#hand(value, output, attributes)
  }

  #writeOutput(
    attributes: Attributes,
    value: unknown,
    whole: ValueText,
    stream: StreamEnd | undefined,
  ): void {
    writeOutput(attributes, this.#operator.name, value, whole, this.content, this.#budget)
    if (this.#form !== undefined) attributes[ATTR_OUTPUT_FORM] = this.#form
    if (!stream) return
    const { pieces, isFinished } = stream
    // The lengths of a text that was masked would be those of another.
    if (pieces && !this.content.mask) attributes[ATTR_OUTPUT_PIECES] = [...pieces]
    if (!isFinished) attributes[ATTR_OUTPUT_FIDELITY] ??= 'unfinished'
  }

  /** Ends the span with an error, which makes it an exception node; `came` is what a stream gave before. */
  fail(
    thrown: unknown,
    came?: { readonly value: unknown; readonly text: ValueText | undefined } & StreamEnd,
  ): void {
    if (this.#hasEnded) return
    const output = this.#output
    if (output) {
      guarded(() => {
        const attributes: Attributes = {}
        if (came) {
          const {
            value,
            text = valueText(value, this.#budget, this.content.maxValueLength, true),
          } = came
          this.#writeOutput(attributes, value, text, came)
        } else if (this.#form !== undefined) attributes[ATTR_OUTPUT_FORM] = this.#form
        this.#span.setAttributes(attributes)
      })
      guarded(() => this.#watcher?.({ thrown }))
      guarded(() => writeFailure(this.#span, this.#operator.name, thrown, this.content))
      guarded(() => {
        this.#hand(thrown, output, {})
        if (isError(thrown)) rememberError(thrown, output.scope)
      })
    }
    this.#end()
  }

  #hand(value: unknown, output: Output, attributes: Attributes): void {
    if (this.#opensRun && this.run.hasPending) {
      guarded(() => this.run.endPending(objectsWithin(value)))
    }
    const { reads, hasInner } = this.#frame
    this.#edges.addReads(reads, this.run)
    if (hasInner) output.returned = this.#edges.addReturned(value, output.scope, this.run)
    this.#edges.write(this.#span, attributes)
    this.#span.setAttributes(attributes)
    this.#around.lineage.add(value, output, this.#args)
    reportOutput(value, output.scope)
  }

  #end(): void {
    this.#hasEnded = true
    for (const suspended of this.#suspended ?? []) suspended.resume()
    this.#span.end()
    if (this.#opensRun) this.run.end()
  }
}

/** Told what a call gave, with its text, or what it threw. */
export type OutputWatcher = (
  end: { readonly value: unknown; readonly text: ValueText } | { readonly thrown: unknown },
) => void

/** How a stream ended. */
export interface StreamEnd {
  /** Lengths of the pieces of a text. */
  readonly pieces: readonly number[] | undefined
  /** Whether the stream itself said that it is over. */
  readonly isFinished: boolean
}

function brief(text: string, length: number): string {
  return text.length > length ? cut(text, length) : text
}

function newRun(outer: Frame | undefined): RunState {
  return outer ? new RunState({ within: outer.run }) : new RunState()
}
