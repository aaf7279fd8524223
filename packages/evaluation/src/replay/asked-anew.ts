import type { RecordedRun } from '@trace2/instrumentation/replay'

/**
 * Removes the answers of all calls that depend directly on some parameters from a record. In a comparison, these calls
 * then run again for the base too: the recorded answer is a single sample, and may be the reason why the run was
 * chosen. Calls with effects keep their answers.
 */
export function askedAnew(recorded: RecordedRun, parameters: readonly string[]): RecordedRun {
  const names = new Set(parameters)
  const depends = recorded.calls.map(
    ({ parameters: own, inputs }) =>
      own.some(([name]) => names.has(name)) ||
      inputs.some(({ from }) => from !== null && names.has(from)),
  )
  // Calls stand in the order of their start, so that those inside come after the one around them.
  for (let index = recorded.calls.length - 1; index >= 0; index--) {
    const parent = depends[index] ? recorded.calls[index]?.parent : undefined
    if (typeof parent === 'number') depends[parent] = true
  }
  return {
    ...recorded,
    calls: recorded.calls.map((call, index) =>
      depends[index] && !call.hasEffects && index !== recorded.root
        ? { ...call, outcome: { kind: 'lost', reason: 'it depends on what is compared' } }
        : call,
    ),
  }
}
