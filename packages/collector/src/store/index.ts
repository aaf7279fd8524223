export * from '../graph/graph.ts'
export { openStore } from './open.ts'
export * from './store.ts'
