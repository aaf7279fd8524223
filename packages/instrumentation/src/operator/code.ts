import { raise } from '../errors.ts'
import { declareParameter, type Parameter } from '../parameter/parameter.ts'
import { registeredIsolation } from './isolation.ts'
import { type AnyFunction, signatureOf, sourceText } from './operator.ts'

/**
 * The parameter that holds the source of a trainable operator: its value is the source text, its description the
 * contract that any new source must keep, which is the signature and its documentation. `factory` is the function that
 * the program called.
 */
export function codeParameter(
  operator: string,
  fn: AnyFunction,
  factory: AnyFunction,
): Parameter<string> {
  const source = sourceText(fn)
  const signature = signatureOf(fn)
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
    ...(signature.documentation === '' ? [] : [`\n${signature.documentation}`]),
  ].join(' ')
  return declareParameter(
    `${operator}.code`,
    source,
    { description: contract },
    factory,
    (value) => {
      if (typeof value !== 'string' || value === source) return undefined
      return registeredIsolation()?.findFault(value, names)
    },
  )
}
