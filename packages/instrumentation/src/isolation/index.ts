import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { jsonText } from '../content/text.ts'
import { raise } from '../errors.ts'
import { useIsolation } from '../operator/isolation.ts'
import { parseSignature } from '../operator/signature.ts'
import { runnableSource } from '../source/index.ts'
import { Engine } from './engine.ts'
import type { IsolationLimits } from './sandbox.ts'

export type { IsolationLimits } from './sandbox.ts'

/**
 * Lets trainable bundles run changed source. It runs in a JavaScript engine of its own (QuickJS, compiled to
 * WebAssembly) that has the language and nothing else: no files, network, environment, process, timers or clock
 * beyond `Date`; with limits on time, memory and stack for each call. Arguments and results cross as JSON.
 *
 * @example await enableIsolation({ timeMs: 500 })
 */
export async function enableIsolation(limits: IsolationLimits = {}): Promise<void> {
  const engine = await sharedEngine()
  useIsolation({
    findFault: (source, argumentNames) => findFault(engine, source, argumentNames, limits),
    compile: (source) => isolatedFunction(engine, source, limits),
  })
}

function findFault(
  engine: Engine,
  source: string,
  argumentNames: readonly string[],
  limits: IsolationLimits,
): string | undefined {
  const runnable = runnableSource(source)
  if ('fault' in runnable) return `the source is not a valid function: ${runnable.fault}`
  try {
    engine.evaluate(runnable.source, undefined, limits)
  } catch (error) {
    return `the source is not a valid function: ${String(error)}`
  }
  const declared = parseSignature(source.trim())?.declared ?? []
  const names = declared.map(({ name }, index) => name ?? `arg${index}`)
  return names.join() === argumentNames.join()
    ? undefined
    : `the arguments must be (${argumentNames.join(', ')}), not (${names.join(', ')})`
}

function isolatedFunction(
  engine: Engine,
  source: string,
  limits: IsolationLimits,
): (...args: readonly unknown[]) => unknown {
  const runnable = runnableSource(source)
  // What cannot be read is for the engine to refuse.
  const text = 'fault' in runnable ? source : runnable.source
  const run = (...args: readonly unknown[]): unknown => {
    const { json, promised } = engine.evaluate(text, argumentsText(args), limits)
    const value: unknown = json === undefined ? undefined : JSON.parse(json)
    return promised ? Promise.resolve(value) : value
  }
  const isAsync = /^async\b/.test(withoutComment(source))
  return isAsync ? async (...args: readonly unknown[]) => run(...args) : run
}

function argumentsText(args: readonly unknown[]): string {
  if (args.some((arg) => typeof arg === 'function')) {
    throw raise(
      'T2_CODE_VALUE',
      'A function was passed to changed code, which runs apart from the program.',
    )
  }
  return jsonText(args)
}

/**
 * A function from source text that runs apart from the program, within limits of its own, whether isolation is
 * enabled for bundles or not. It throws what the source throws, and `T2_CODE_LIMIT` past a limit.
 *
 * @example const shout = await isolate('(text) => text.toUpperCase()', { timeMs: 100 })
 */
export async function isolate(
  source: string,
  limits: IsolationLimits = {},
): Promise<(...args: readonly unknown[]) => unknown> {
  return isolatedFunction(await sharedEngine(), source, limits)
}

let shared: Promise<Engine> | undefined

/** A function's source may begin with its documentation. */
function withoutComment(source: string): string {
  return source.replace(/^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n)+/, '')
}

/** One engine serves all: each call has a world of its own in it. */
function sharedEngine(): Promise<Engine> {
  shared ??= new Engine(() => newQuickJSWASMModuleFromVariant(variant)).start()
  return shared
}
