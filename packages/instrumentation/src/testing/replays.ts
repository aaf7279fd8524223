import { bundle, type OperatorOptions } from '../index.ts'
import { type RecordedRun, recordedRunIn } from '../replay/index.ts'
import type { recordSpans } from './record.ts'

type Fn = (...args: never[]) => unknown

/** Names of the operators whose functions really ran since the last recording. */
export let executed: string[] = []

/** A bundle that notes when its function really runs. */
export function step<F extends Fn>(name: string, fn: F, options: OperatorOptions = {}) {
  const noting = new Proxy(fn, {
    apply(target, self, args) {
      executed.push(name)
      return Reflect.apply(target, self, args)
    },
  })
  // A proxy does not show the names of the arguments.
  const [, written = ''] = /\(([^)]*)\)/.exec(String(fn)) ?? []
  const inputs = written.split(',').flatMap((argument) => argument.trim() || [])
  return bundle(name, noting, { inputs, ...options })
}

/** Runs an agent, and gives what a store keeps of it, as it comes to another process. */
export async function record(
  { spans, reset }: ReturnType<typeof recordSpans>,
  agent: () => unknown,
): Promise<{ output: unknown; run: RecordedRun }> {
  reset()
  const output = await agent()
  const kept: RecordedRun = JSON.parse(JSON.stringify(recordedRunIn(spans())))
  reset()
  executed = []
  return { output, run: kept }
}

export async function listed(
  items: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const item of items) list.push(item)
  return list
}
