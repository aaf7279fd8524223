export type {
  FeedbackDeclaration,
  FeedbackDirection,
  FeedbackScale,
  SpanRef,
} from '@trace2/core'
export { type Choice, type ParameterValues, parseParameters, Trace2Error } from '@trace2/core'
export {
  type ContentOptions,
  configureContent,
  type Mask,
  type MaskContext,
} from './content/settings.ts'
export { instrumentationErrors } from './errors.ts'
export type { FeedbackContent, FeedbackIds, GivenFeedback } from './feedback/attributes.ts'
export { feedback } from './feedback/feedback.ts'
export { type FeedbackReceiver, sendFeedback } from './feedback/send.ts'
export { gatherParameters, Model, model } from './model/model.ts'
export { isNode, Node, node } from './node.ts'
export {
  type InstrumentableClient,
  instrumentOpenAI,
  type OpenAIOptions,
} from './openai/instrument.ts'
export type { Handle, Passed, PassedArguments } from './operator/arguments.ts'
export { type BundleOptions, bundle, run } from './operator/bundle.ts'
export type { Bundled, BundleMembers, NodeOf } from './operator/bundled.ts'
export type { AnyFunction, OperatorOptions, StepKind } from './operator/operator.ts'
export type { ParameterOptions } from './parameter/declaration.ts'
export { type PollOptions, pollParameters } from './parameter/http-source.ts'
export { isParameter, Parameter, parameter } from './parameter/parameter.ts'
export { setParameterValues } from './parameter/snapshot.ts'
export type { StandardSchema } from './parameter/standard-schema.ts'
export { currentRun } from './run/current-run.ts'
export { t } from './template.ts'
export { deriveText, joinText, type Plain, sliceText } from './text/derive.ts'
export { useTracerProvider } from './tracing/tracer.ts'
export { now, random, uuid } from './world.ts'
