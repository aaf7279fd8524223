import { raise } from '../errors.ts'
import type { CodeContract } from '../operator/contract.ts'
import type { OpenSandbox } from './host/sandbox.ts'
import { type Callable, type Given, Session } from './host/session.ts'
import type { Limits } from './limits.ts'
import { assemble } from './program.ts'

/** A function that runs source text in a sandbox of its own for each call. */
export function isolatedFunction(
  open: OpenSandbox,
  source: string,
  contract: CodeContract,
  limits: Limits,
): Callable {
  const program = assemble(source, contract)
  if ('fault' in program) {
    throw raise('T2_CODE_SOURCE', `The source cannot be run: ${program.fault}.`)
  }
  const given: Given = {
    self: contract.self?.value,
    values: contract.values,
    recorded: (fn) => contract.recorded.get(fn) ?? fn,
  }
  return function (this: unknown, ...args: readonly unknown[]): unknown {
    const session = new Session(program, given, limits, open)
    return program.isAsync
      ? session.callLater(program, this, args)
      : session.call(program, this, args)
  }
}
