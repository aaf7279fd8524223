import type { CodeContract } from '@trace2/source'
import { raise } from '@trace2/source'
import type { Callable, Given } from './host/given.ts'
import type { OpenSandbox } from './host/sandbox.ts'
import { Session } from './host/session.ts'
import type { Limits } from './limits.ts'
import { assemble, type Program } from './program.ts'

/**
 * A function that runs source text in a sandbox of its own for each call.
 *
 * @throws {Trace2Error} when it is called: `T2_CODE_SOURCE` for text that is not the source of one function.
 */
export function isolatedFunction(
  open: OpenSandbox,
  source: string,
  contract: CodeContract,
  limits: Limits,
): Callable {
  let assembled: Program | undefined
  const given: Given = {
    self: contract.self?.value,
    values: contract.values,
    recorded: (fn) => contract.recorded.get(fn) ?? fn,
  }
  return function (this: unknown, ...args: readonly unknown[]): unknown {
    assembled ??= programOf(source, contract)
    const program = assembled
    const session = new Session(program, given, limits, open)
    return program.isAsync
      ? session.callLater(program, this, args)
      : session.call(program, this, args)
  }
}

function programOf(source: string, contract: CodeContract): Program {
  const program = assemble(source, contract)
  if ('fault' in program) {
    throw raise('T2_CODE_SOURCE', `The source cannot be run: ${program.fault}.`)
  }
  return program
}
