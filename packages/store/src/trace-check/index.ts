export { checkTraces } from './check-traces.ts'
export type {
  DialectCheck,
  EdgeCheck,
  FilledPrompt,
  LookalikeCheck,
  ModelCallCheck,
  TraceAdvice,
  TraceCheck,
  TraceSender,
  UnreadCheck,
  UnreadKey,
} from './trace-check.ts'
