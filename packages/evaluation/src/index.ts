export * from './agents/index.ts'
export { evaluationErrors } from './errors.ts'
export * from './gate/index.ts'
