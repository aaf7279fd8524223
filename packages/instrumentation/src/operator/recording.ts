import {
  type Attributes,
  type Context,
  diag,
  type Span,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { writeInputs, writeOutput } from '../content/capture.ts'
import { valueText } from '../content/text.ts'
import { raise } from '../errors.ts'
import { rememberError } from '../feedback/errors-thrown.ts'
import type { Producer } from '../lineage/producer.ts'
import { RunState, surroundingState } from '../run/run-state.ts'
import type { Origin } from '../semconv/reference.ts'
import { reportOutput } from '../tracing/recorder.ts'
import { Edges } from './edges.ts'
import { writeFailure } from './failure.ts'
import { type Frame, frameOf, withFrame } from './frame.ts'
import type { Operator } from './operator.ts'
import type { Inputs } from './roles.ts'

/** The recording of one call of an operator: one span. */
export class Recording {
  readonly context: Context
  readonly run: RunState
  readonly #span: Span
  readonly #operator: Operator
  readonly #frame: Frame
  /** The run that the call was made in; not the same as the run that it opens. */
  readonly #around: RunState
  readonly #recorded: boolean
  readonly #edges = new Edges()
  #args: readonly unknown[] = []

  constructor(operator: Operator, tracer: Tracer, context: Context) {
    const outer = frameOf(context)
    const surrounding = outer ? { state: outer.run, inSpan: true } : surroundingState(context)
    this.#around = surrounding.state
    const opensRun = operator.kind === 'run' || !surrounding.inSpan
    this.run = opensRun ? newRun(outer) : surrounding.state
    this.#operator = operator
    const { attributes } = operator
    this.#span = tracer.startSpan(operator.name, { attributes: { ...attributes } }, context)
    this.#recorded = this.#span.isRecording()
    const { traceId, spanId } = this.#span.spanContext()
    const scope = this.#recorded ? { traceId, spanId, parent: outer?.scope } : outer?.scope
    if (opensRun && this.#recorded) this.run.root = { traceId, spanId }
    if (outer && this.#recorded) outer.hasInner = true
    this.#frame = { run: this.run, scope, reads: new Set(), hasInner: false }
    this.context = withFrame(trace.setSpan(context, this.#span), this.#frame)
  }

  /** Writes what the call was given, and where that came from. */
  begin(inputs: Inputs): void {
    if (!this.#recorded) return
    this.#args = inputs.plain
    this.#edges.addInputs(inputs, this.#around, this.run)
    if (this.#operator.code) {
      const use = this.run.use(this.#operator.code)
      this.#edges.addUse(this.#operator.code.name, use, this.run)
    }
    this.#edges.write(this.#span)
    const attributes: Attributes = {}
    writeInputs(attributes, this.#operator.name, inputs)
    this.#span.setAttributes(attributes)
  }

  /** Ends the span with a result; returns the origin that the result has from now on. */
  succeed(value: unknown): Origin | undefined {
    return this.#finish(() => {
      const attributes: Attributes = {}
      const whole = valueText(value)
      writeOutput(attributes, this.#operator.name, value, whole)
      this.#span.setAttributes(attributes)
      return this.#produce(value, whole.text, whole.isString)
    })
  }

  /** Ends the span with an error, which makes it an exception node. */
  fail(thrown: unknown): void {
    this.#finish(() => {
      writeFailure(this.#span, this.#operator.name, thrown)
      return this.#produce(thrown, 'null', false)
    })
  }

  #produce(value: unknown, text: string, isString: boolean): Origin | undefined {
    const { scope, reads, hasInner } = this.#frame
    if (!scope) return undefined
    this.#edges.addReads(reads, this.run)
    const handedOut = hasInner ? this.#edges.addReturned(value, scope, this.run) : []
    this.#edges.write(this.#span)
    const { traceId, spanId } = scope
    const origin: Origin = { kind: 'span', traceId, spanId, pointer: '' }
    const producer: Producer = { origin, scope, text, isString, handedOut }
    this.#around.lineage.add(value, producer, scope, this.#args)
    if (value instanceof Error) rememberError(value, { traceId, spanId })
    reportOutput(value, { traceId, spanId })
    return origin
  }

  #finish(write: () => Origin | undefined): Origin | undefined {
    const origin = this.#recorded ? guarded(write) : undefined
    this.#span.end()
    if (this.#operator.kind === 'run') this.run.end()
    return origin
  }
}

function newRun(outer: Frame | undefined): RunState {
  return outer ? new RunState({ snapshot: outer.run.snapshot }) : new RunState()
}

/** Recording must never break the program that is recorded. */
export function guarded<T>(record: () => T): T | undefined {
  try {
    return record()
  } catch (error) {
    const { code, message, remedy } = raise('T2_INSTRUMENTATION', String(error))
    diag.error(`${code}: ${message}. ${remedy}`)
    return undefined
  }
}
