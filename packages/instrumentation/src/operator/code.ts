import { raise } from '../errors.ts'
import { declareParameter, type Parameter } from '../parameter/parameter.ts'
import { findNamesFault, withPlainImports } from '../source/index.ts'
import { type CodeContract, type CodeUses, readContract } from './contract.ts'
import type { AnyFunction } from './operator.ts'
import { parseSignature } from './signature.ts'

/** The source of a trainable operator, and what any new source may use. */
export interface OperatorCode {
  /** Its value is the source text; its description is the contract, its schema has the names for machines. */
  readonly parameter: Parameter<string>
  readonly contract: CodeContract
}

/**
 * @throws {Trace2Error} `T2_CODE_SOURCE` where the source cannot be read, `T2_CODE_NAMES` where it uses what it is not
 * given.
 */
export function operatorCode(
  operator: string,
  fn: AnyFunction,
  uses: CodeUses,
  record: (name: string, fn: AnyFunction) => AnyFunction,
): OperatorCode {
  const source = withPlainImports(String(fn), new Set(Object.keys(uses)))
  const signature = parseSignature(source)
  if (!signature) {
    throw raise(
      'T2_CODE_SOURCE',
      `The source of ${operator} cannot be read; it is native or bound.`,
    )
  }
  const contract = readContract(operator, fn, source, uses, record)
  const argumentNames = namesOf(source)
  const names = [...contract.names]
  const description = [
    'JavaScript source of one function. Keep its name and signature; it can use only its arguments,',
    `the language itself${names.length === 0 ? '' : `, and ${names.join(', ')}`}:\n${signature.head}`,
    ...(signature.documentation === '' ? [] : [`\n${signature.documentation}`]),
  ].join(' ')
  const schema = {
    type: 'string',
    contentMediaType: 'text/javascript',
    'x-trace2-uses': [...contract.allowed],
  }
  const parameter = declareParameter(
    `${operator}.code`,
    source,
    { description, schema },
    (value) => {
      if (typeof value !== 'string') return `a value of type string is needed, not ${typeof value}`
      return value === source ? undefined : codeFault(value, argumentNames, contract)
    },
  )
  return { parameter, contract }
}

function codeFault(
  source: string,
  argumentNames: readonly string[],
  contract: CodeContract,
): string | undefined {
  const fault = findNamesFault(source, contract.allowed)
  if (fault !== undefined) return `the source is not a valid function: ${fault}`
  const names = namesOf(source)
  return names.join() === argumentNames.join()
    ? undefined
    : `the arguments must be (${argumentNames.join(', ')}), not (${names.join(', ')})`
}

function namesOf(source: string): readonly string[] {
  const declared = parseSignature(source.trim())?.declared ?? []
  return declared.map(({ name }, index) => name ?? `arg${index}`)
}
