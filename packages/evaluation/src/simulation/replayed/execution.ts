import { bundle, type Parameter, parameter, run } from '@trace2/instrumentation'
import { stepsIn } from './expected-runs.ts'
import type { Body, Program, Step, Use } from './program.ts'
import { agentInput, type Made, outputOf, partOf, type Value } from './value.ts'

type Operator = (...args: readonly unknown[]) => unknown

/** Options of an {@link Execution}. */
export interface ExecutionOptions {
  /** Time that each operator takes that is not synchronous, in milliseconds. Default 0. */
  readonly waitMs?: number
  /** Is called by operators with effects. */
  readonly effect?: () => void
}

/** A program as a real agent: its operators are bundles, its parameters are parameters. */
export class Execution {
  readonly parameters: readonly Parameter<string>[]
  /** Operators whose function ran since it was emptied, in that order. */
  readonly executed: string[] = []
  /** Of those with effects. */
  readonly effects: string[] = []
  readonly #operators: ReadonlyMap<string, Operator>
  readonly #agent: (input: Made) => Promise<Record<string, Value>>
  #results = new Map<string, Value>()
  #failed = new Set<string>()
  readonly #options: ExecutionOptions

  constructor(program: Program, options: ExecutionOptions = {}) {
    this.#options = options
    // The same for all programs: a process has as many parameters as one of them.
    this.parameters = Array.from({ length: program.parameters }, (_, index) =>
      parameter(`random-program.p${index}`, valueOfParameter(index, 0)),
    )
    this.#operators = new Map(
      stepsIn(program.body).map((step) => [step.name, this.#operator(step)]),
    )
    this.#agent = run('random-program', async (_input: Made) => {
      await this.#make(program.body)
      return Object.fromEntries(program.body.flat().map(({ name }) => [name, this.#resultOf(name)]))
    })
  }

  /** Runs the agent once. */
  run(): Promise<Record<string, Value>> {
    this.#results = new Map()
    this.#failed = new Set()
    return this.#agent(agentInput)
  }

  /** Gives parameters other values. */
  change(values: readonly string[]): void {
    for (const [index, value] of values.entries()) this.parameters[index]?.update(value)
  }

  async #make(body: Body): Promise<Value[]> {
    const values: Value[] = []
    for (const group of body) {
      values.push(...(await Promise.all(group.map((step) => this.#step(step)))))
    }
    return values
  }

  async #step(step: Step): Promise<Value> {
    const given = step.inputs.map((use) => partOf(this.#valueOf(use), use))
    const { parameter: uses } = step
    const passed = uses?.how === 'passed' ? [this.parameters[uses.index]] : []
    let value: Value
    try {
      value = await this.#call(step, [...passed, ...given])
    } catch {
      value = await this.#call(step, [...passed, ...given])
    }
    this.#results.set(step.name, value)
    return value
  }

  async #call({ name, form }: Step, args: readonly unknown[]): Promise<Value> {
    const result = this.#operators.get(name)?.(...args)
    // The operator of a step gives what its form says.
    if (form === 'sync' || form === 'async') return (await result) as Value
    const items: unknown[] = []
    for await (const item of result as AsyncIterable<unknown>) items.push(item)
    return form === 'text' ? items.join('') : (items as Made[])
  }

  #operator(step: Step): Operator {
    const options = { sideEffects: step.hasEffects }
    const begin = (args: readonly unknown[]) => this.#begin(step, args)
    const inner = () => this.#make(step.inner)
    const wait = () => this.#wait()
    switch (step.form) {
      case 'sync':
        return bundle(step.name, (...given: readonly unknown[]) => begin(given)([]), options)
      case 'async':
        return bundle(
          step.name,
          async (...given: readonly unknown[]) => {
            const end = begin(given)
            await wait()
            return end(await inner())
          },
          options,
        )
      default:
        return bundle(
          step.name,
          async function* (...given: readonly unknown[]) {
            const value = begin(given)([])
            await wait()
            // A text comes in two pieces.
            yield* typeof value === 'string' ? [value.slice(0, 5), value.slice(5)] : [value].flat()
          },
          options,
        )
    }
  }

  /** What an operator does when it is called; what it gives is known when the steps inside it are done. */
  #begin(step: Step, args: readonly unknown[]): (inner: readonly unknown[]) => Value {
    this.executed.push(step.name)
    if (step.hasEffects) {
      this.effects.push(step.name)
      this.#options.effect?.()
    }
    const { parameter: uses, inputs } = step
    const read = uses?.how === 'read' ? this.parameters[uses.index]?.value : undefined
    const given = uses?.how === 'passed' ? args.slice(1) : args
    const value = uses?.how === 'passed' ? String(args[0]) : read
    if (step.fails && !this.#failed.has(step.name)) {
      this.#failed.add(step.name)
      throw new RangeError(`${step.name} cannot do ${inputs.length} things now`)
    }
    return (inner) => outputOf(step, given, value, inner)
  }

  async #wait(): Promise<void> {
    const { waitMs = 0 } = this.#options
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs))
  }

  #valueOf({ step }: Use): Value {
    return step === undefined ? agentInput : this.#resultOf(step)
  }

  #resultOf(step: string): Value {
    return this.#results.get(step) ?? agentInput
  }
}

/** The value of a parameter in a version. */
export function valueOfParameter(index: number, version: number): string {
  return `version ${version} of parameter ${index}`
}
