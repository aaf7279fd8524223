export { type CallStore, type FoundCall, type RecordedCall, recordedCall } from './recorded-call.ts'
export { type SingleCallOptions, singleCallAgent } from './single-call-agent.ts'
