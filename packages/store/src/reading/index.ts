export { canonicalRows } from './canonical-span.ts'
export { concernsRun } from './logs.ts'
export type { SpanRows } from './rows.ts'
