import type { Body, Program, Step, Use } from './program.ts'
import { agentInput, outputOf, partOf, type Value } from './value.ts'

/** What every step gives, by its name, worked out without running anything. */
function valuesOf({ body }: Program, parameters: readonly string[]): Map<string, Value> {
  const values = new Map<string, Value>()
  const evaluate = (steps: Body): Value[] =>
    steps.flat().map((step) => {
      const inner = evaluate(step.inner)
      const inputs = step.inputs.map((use) => partOf(valueIn(values, use), use))
      const parameter = step.parameter && parameters[step.parameter.index]
      const value = outputOf(step, inputs, parameter, inner)
      values.set(step.name, value)
      return value
    })
  evaluate(body)
  return values
}

function valueIn(values: ReadonlyMap<string, Value>, { step }: Use): Value {
  return (step === undefined ? undefined : values.get(step)) ?? agentInput
}

/**
 * How often each operator has to run where parameters have other values: those that use one, with the steps around them, and
 * whoever uses an output that is really another.
 */
export function expectedRuns(
  program: Program,
  before: readonly string[],
  after: readonly string[],
): Record<string, number> {
  const [old, now] = [valuesOf(program, before), valuesOf(program, after)]
  const isOther = (use: Use) =>
    JSON.stringify(partOf(valueIn(old, use), use)) !==
    JSON.stringify(partOf(valueIn(now, use), use))
  const usesChanged = ({ parameter }: Step) =>
    parameter !== undefined && before[parameter.index] !== after[parameter.index]
  const runs: Record<string, number> = {}
  const count = (body: Body): void => {
    for (const step of body.flat()) {
      const inside = stepsIn(step.inner)
      const own = new Set(inside.map(({ name }) => name))
      const reaches = inside
        .flatMap(({ inputs }) => inputs)
        .filter((use) => use.step !== undefined && !own.has(use.step))
      const depends =
        [step, ...inside].some(usesChanged) || [...step.inputs, ...reaches].some(isOther)
      if (!depends) continue
      runs[step.name] = step.fails ? 2 : 1
      count(step.inner)
    }
  }
  count(program.body)
  return runs
}

/** All steps of a body, with the steps inside of them. */
export function stepsIn(body: Body): Step[] {
  return body.flat().flatMap((step) => [step, ...stepsIn(step.inner)])
}
