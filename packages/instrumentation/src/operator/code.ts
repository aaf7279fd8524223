import { visibleSource } from '../authored/index.ts'
import { raise } from '../errors.ts'
import { declareParameter, type Parameter } from '../parameter/parameter.ts'
import { registeredIsolation } from './isolation.ts'
import type { AnyFunction, OperatorOptions } from './operator.ts'
import { parseSignature } from './signature.ts'

const asBuilt =
  'The source is as built: a compiler may have changed names and left out types and comments.'

/**
 * The parameter that holds the source of a trainable operator: its value is the source text, its description the
 * contract that any new source must keep, which is the signature and its documentation.
 */
export function codeParameter(
  operator: string,
  fn: AnyFunction,
  options: OperatorOptions,
): Parameter<string> {
  const visible = visibleSource(fn, options)
  const signature = visible && parseSignature(visible.text)
  if (!signature) {
    throw raise(
      'T2_CODE_SOURCE',
      `The source of ${operator} cannot be read; it is native or bound.`,
    )
  }
  const names = signature.declared.map(({ name }, index) => name ?? `arg${index}`)
  const contract = [
    'JavaScript source of one function. Keep its name and signature; it can use only its arguments and the',
    `language itself:\n${signature.head}`,
    ...(visible.asBuilt ? [`\n${asBuilt}`] : []),
    ...(signature.documentation === '' ? [] : [`\n${signature.documentation}`]),
  ].join(' ')
  const source = visible.text
  return declareParameter(`${operator}.code`, source, { description: contract }, (value) => {
    if (typeof value !== 'string' || value === source) return undefined
    return registeredIsolation()?.findFault(value, names)
  })
}
