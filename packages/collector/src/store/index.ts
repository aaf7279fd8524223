export * from '../graph/graph.ts'
export * from './store.ts'
