export { isSchema, schemaFault } from './schema-fault.ts'
