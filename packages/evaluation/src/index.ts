export { evaluationErrors } from './errors.ts'
export * from './gate/index.ts'
export * from './trust/index.ts'
