import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_CODE_FILE,
  ATTR_CODE_FUNCTION,
  ATTR_CODE_LINE,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_DESCRIPTION,
  ATTR_OP_SIDE_EFFECTS,
  ATTR_OP_SOURCE_HASH,
  ATTR_OP_VOLATILE,
  ATTR_OPENINFERENCE_KIND,
  sourceHash,
} from '@trace2/core'
import type { CodeContract } from '@trace2/source'
import {
  type AuthoredFunction,
  type AuthoredOptions,
  authored,
  hasMangledArguments,
} from '../authored/index.ts'
import { raise } from '../errors.ts'
import type { Frame } from '../inspection/frames.ts'
import type { Parameter } from '../parameter/parameter.ts'
import { reportOnce } from '../report.ts'
import type { OperatorCode } from './code.ts'
import { noteOperator, noteSource } from './known-sources.ts'
import type { AnyFunction, OperatorOptions } from './options.ts'
import type { DeclaredArgument } from './signature.ts'
import { signatureOf, sourceText } from './source-text.ts'
import { stackAbove } from './stack.ts'

export type { AnyFunction, OperatorOptions, StepKind } from './options.ts'

/** A function that is recorded when it is called. */
export class Operator {
  readonly name: string
  readonly kind: 'run' | 'op'
  readonly fn: AnyFunction
  readonly options: OperatorOptions
  readonly #author: AuthoredFunction | undefined
  /** The source of the function as a parameter, where it is trainable. */
  readonly code: Parameter<string> | undefined
  /** What changed source may use. */
  readonly contract: CodeContract | undefined
  readonly #location: Attributes
  #frames: readonly Frame[]
  #attributes: Attributes | undefined
  #declared: readonly DeclaredArgument[] | undefined
  #calls = 0
  #takesHandles = false
  #deepCalls = 0
  #takesHandlesDeep = false

  constructor(
    name: string,
    kind: 'run' | 'op',
    fn: AnyFunction,
    options: OperatorOptions & AuthoredOptions,
    code: OperatorCode | undefined,
    location: Attributes,
    frames: readonly Frame[] = [],
  ) {
    this.name = name
    this.kind = kind
    this.fn = fn
    this.options = options
    this.#author = options[authored]
    this.code = code?.parameter
    this.contract = code?.contract
    this.#location = location
    this.#frames = frames
    noteOperator(this)
  }

  /** Whether it changes anything outside of the program, as far as its author says. */
  get hasEffects(): boolean {
    const { sideEffects, step } = this.options
    return sideEffects ?? step === 'tool'
  }

  /** First 16 hex digits of the hash of the function's source. */
  get sourceHash(): string {
    return this.#author?.hash ?? sourceHash(sourceText(this.fn))
  }

  /** Notes a call, and whether it was given nodes or parameters. */
  note(hasHandles: boolean): void {
    this.#calls++
    if (!hasHandles) return
    this.#takesHandles = true
    this.#deepCalls = 0
  }

  /** The same of a call that is too deep to be recorded. */
  noteDeep(hasHandles: boolean): void {
    this.#deepCalls++
    if (hasHandles) this.#takesHandlesDeep = true
  }

  /**
   * Whether calls that are too deep to be recorded may go straight to the function, without a look at what they are given: of
   * calls like them, none was given a node or a parameter.
   */
  get passesThrough(): boolean {
    if (this.code || this.#takesHandlesDeep) return false
    return this.#deepCalls >= callsToKnow || (!this.#takesHandles && this.#calls >= callsToKnow)
  }

  /** Whether such a call may go to the function where it is given no node or parameter. */
  get mayPassOn(): boolean {
    return !this.code && this.kind === 'op'
  }

  get declared(): readonly DeclaredArgument[] {
    if (!this.#declared) {
      this.#declared = this.#declaredArguments()
      this.#frames = []
    }
    return this.#declared
  }

  #declaredArguments(): readonly DeclaredArgument[] {
    const { inputs } = this.options
    const written = this.#author?.arguments ?? signatureOf(this.fn)?.declared ?? []
    if (!inputs) {
      if (!this.#author && hasMangledArguments(sourceText(this.fn), written, this.#frames)) {
        const what = `The arguments of ${this.name} have names that a minifier gave them; so may others.`
        reportOnce('warn', raise('T2_OPERATOR_INPUTS', what), 'minified')
      }
      return written
    }
    return inputs.map((name, index) => ({
      name,
      form: written[index]?.form === 'rest' ? 'rest' : 'plain',
    }))
  }

  /** Attributes that are the same for every call. */
  get attributes(): Attributes {
    this.#attributes ??= this.#staticAttributes()
    return this.#attributes
  }

  #staticAttributes(): Attributes {
    const { description, step, sideEffects, volatile } = this.options
    const author = this.#author
    const documentation =
      description ?? author?.documentation ?? signatureOf(this.fn)?.documentation ?? ''
    const name = author?.name ?? this.fn.name
    const hash = this.sourceHash
    noteSource(this.name, hash)
    return {
      [ATTR_KIND]: this.kind,
      [ATTR_OP]: this.name,
      [ATTR_OPENINFERENCE_KIND]: (step ?? (this.kind === 'run' ? 'agent' : 'chain')).toUpperCase(),
      [ATTR_OP_SOURCE_HASH]: hash,
      ...(documentation === '' ? {} : { [ATTR_OP_DESCRIPTION]: documentation }),
      ...(sideEffects === undefined ? {} : { [ATTR_OP_SIDE_EFFECTS]: sideEffects }),
      ...(volatile && volatile.length > 0 ? { [ATTR_OP_VOLATILE]: [...volatile] } : {}),
      ...(name === '' ? {} : { [ATTR_CODE_FUNCTION]: name }),
      ...this.#location,
      ...(author?.file === undefined ? {} : { [ATTR_CODE_FILE]: author.file }),
      ...(author?.line === undefined ? {} : { [ATTR_CODE_LINE]: author.line }),
    }
  }
}

/** After so many calls it is known whether an operator is given nodes and parameters. */
const callsToKnow = 64

/** Where `factory` was called, as OpenTelemetry's code attributes; nothing where the runtime does not tell. */
export function callSite(factory: AnyFunction): Attributes {
  const frame = /\n\s+at (?:.*?\()?(.+?):(\d+):\d+\)?(?:\n|$)/.exec(stackAbove(factory) ?? '')
  if (!frame?.[1] || !frame[2]) return {}
  return {
    [ATTR_CODE_FILE]: pathOf(frame[1]),
    [ATTR_CODE_LINE]: Number(frame[2]),
  }
}

function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file
  const path = file.slice('file://'.length)
  try {
    return decodeURI(path)
  } catch {
    // Code that was evaluated may bear any name.
    return path
  }
}
