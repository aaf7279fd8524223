export * from '../graph/graph.ts'
export { graphHash } from '../graph/graph-hash.ts'
export { openStore } from './open.ts'
export * from './store.ts'
