export { type Checked, checkValue, schemaFault } from './check.ts'
export { nearlyEqual } from './similar.ts'
export { isCode, schemaOf, type TypedValue, typeName } from './type-name.ts'
