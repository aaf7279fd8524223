import { Trace2Error } from '@trace2/core'
import { type CodeContract, findNamesFault, findSyntaxFault, readFacts } from '@trace2/source'
import { type AuthoredOptions, usesOf, visibleSource, writtenSource } from '../authored/index.ts'
import { raise } from '../errors.ts'
import { declareParameter, type Parameter } from '../parameter/parameter.ts'
import { reportOnce } from '../report.ts'
import { type CodeUses, findParentFault, readContract } from './contract.ts'
import type { AnyFunction, OperatorOptions } from './options.ts'
import { findShapeFault, type Shape, shapeOf } from './shape.ts'
import { parseSignature } from './signature.ts'

const asBuilt =
  'The source is as built: a compiler may have changed names and left out types and comments.'

export type CodeOptions = OperatorOptions & AuthoredOptions & { readonly uses?: CodeUses | false }

/** The source of a trainable operator, and what any new source may use. */
export interface OperatorCode {
  /** Its value is the source text; its description is the contract, its schema has the names for machines. */
  readonly parameter: Parameter<string>
  readonly contract: CodeContract
}

/**
 * What the program's `factory` makes trainable; `undefined` where a build left too little of the function's source.
 *
 * @throws {Trace2Error} `T2_CODE_SOURCE` where the source cannot be read, `T2_CODE_NAMES` where it uses what it is not
 * given.
 */
export function operatorCode(
  operator: string,
  fn: AnyFunction,
  options: CodeOptions,
  factory: AnyFunction,
  record: (name: string, fn: AnyFunction) => AnyFunction,
): OperatorCode | undefined {
  const uses = usesOf(options)
  const visible = visibleSource(fn, options, factory)
  const written =
    visible && writtenSource(visible, fn, options, new Set(Object.keys(uses)), factory)
  const signature = written && parseSignature(written.text)
  if (!visible || !written || !signature) {
    throw raise(
      'T2_CODE_SOURCE',
      `The source of ${operator} cannot be read; it is native or bound.`,
    )
  }
  const contract = buildContract(operator, visible.asBuilt, () =>
    readContract(operator, fn, written, uses, record),
  )
  if (!contract) return undefined
  const source = written.text
  const shape = shapeOf(source)
  const names = [...contract.names]
  const description = [
    'JavaScript source of one function. Keep its name and signature; it can use only its arguments,',
    `the language itself${names.length === 0 ? '' : `, and ${names.join(', ')}`}:\n${signature.head}`,
    ...(visible.asBuilt ? [`\n${asBuilt}`] : []),
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
    { description, schema, kind: 'code' },
    factory,
    (value) => {
      if (typeof value !== 'string') return `a value of type string is needed, not ${typeof value}`
      return value === source ? undefined : codeFault(value, shape, contract)
    },
  )
  return { parameter, contract }
}

/**
 * What a compiler renamed is no fault of the author's, who may see it only where the program is in use: the function is
 * recorded then, but not trainable.
 */
function buildContract(
  operator: string,
  asBuilt: boolean,
  read: () => CodeContract,
): CodeContract | undefined {
  try {
    return read()
  } catch (error) {
    if (!asBuilt || !(error instanceof Trace2Error)) throw error
    const what = `${operator} is recorded, but not trainable: ${error.message}`
    reportOnce('warn', raise('T2_CODE_BUILT', what), operator)
    return undefined
  }
}

function codeFault(source: string, shape: Shape, contract: CodeContract): string | undefined {
  const fault = findNamesFault(source, contract.allowed)
  if (fault !== undefined) return `the source is not a valid function: ${fault}`
  const facts = readFacts(source)
  if ('fault' in facts) return facts.fault
  const syntaxFault = findSyntaxFault(facts.parsed.expression, contract.strict)
  if (syntaxFault !== undefined) return `the source is not a valid function: ${syntaxFault}`
  return findParentFault(facts, contract) ?? findShapeFault(shapeOf(source), shape)
}
