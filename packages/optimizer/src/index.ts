export * from './backward/index.ts'
export { optimizerErrors } from './errors.ts'
