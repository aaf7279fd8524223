/** Names of the functions that compilers call in the code they make for older languages. */
export const helperNames = [
  '__generator',
  '__rest',
  '__spreadArray',
  '__read',
  '__values',
  '__makeTemplateObject',
  '__classPrivateFieldGet',
  '__classPrivateFieldSet',
  '__classPrivateFieldIn',
  '__assign',
  '__awaiter',
  '__asyncValues',
  '__asyncDelegator',
  '__name',
  '__async',
  '__await',
  '__asyncGenerator',
  '__yieldStar',
  '__forAwait',
  '__spreadValues',
  '__spreadProps',
  '__objRest',
  '__pow',
  '__publicField',
  '__privateAdd',
  '__privateGet',
  '__privateSet',
  '__privateMethod',
  '__privateIn',
  '__privateWrapper',
  '__template',
  '_async_to_generator',
  '_asyncToGenerator',
  '_object_spread',
  '_objectSpread',
  '_objectSpread2',
  '_object_spread_props',
  '_extends',
  '_object_without_properties',
  '_objectWithoutProperties',
  '_define_property',
  '_defineProperty',
  '_to_consumable_array',
  '_toConsumableArray',
  '_sliced_to_array',
  '_slicedToArray',
  '_tagged_template_literal',
  '_taggedTemplateLiteral',
  '_class_private_field_init',
  '_class_private_field_get',
  '_class_private_field_set',
  '_type_of',
  '_typeof',
  '_instanceof',
] as const

/** Name of a helper function of a compiler. */
export type HelperName = (typeof helperNames)[number]

/** The helper that a name stands for, if any: where two would meet, a bundler adds a number. */
export function helperOf(name: string): HelperName | undefined {
  const plain = name.replace(/\$?\d+$/, '')
  return helperNames.find((each) => each === name) ?? helperNames.find((each) => each === plain)
}

/** Whether a name is that of TypeScript's library of helpers, as compilers import it. */
export function isHelperLibrary(name: string): boolean {
  return /^(?:import_)?tslib(?:_\d+)?\d*$/.test(name)
}

/** Whether a name that code uses without declaring it is a compiler's. */
export function isCompilerHelper(name: string): boolean {
  return helperOf(name) !== undefined || isHelperLibrary(name)
}
