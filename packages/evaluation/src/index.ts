export { evaluationErrors } from './errors.ts'
export * from './gate/index.ts'
export * from './replay/index.ts'
