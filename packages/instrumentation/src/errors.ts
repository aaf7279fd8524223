import { errorCatalogue } from '@trace2/core'
import { sourceErrors } from '@trace2/source'

/** Errors of the instrumentation; see `docs/errors.md`. */
export const { entries: instrumentationErrors } = errorCatalogue({
  T2_PARAMETER_NAME: {
    status: 400,
    remedy: 'Use letters, digits and the characters . _ - / in the name of a parameter.',
  },
  T2_PARAMETER_DUPLICATE: {
    status: 409,
    remedy: 'Give each parameter a name of its own, or declare it once and import it.',
  },
  T2_PARAMETER_REDECLARED: {
    status: 409,
    remedy:
      'Nothing is to be done where an edited module was evaluated again; where one function declares it for several agents, give each a name of its own.',
  },
  T2_PARAMETER_VALUE: {
    status: 400,
    remedy: 'Give the parameter a value of the type of its default that its schema accepts.',
  },
  T2_PARAMETER_UNDECLARED: {
    status: 400,
    remedy: 'Pass the parameter as an argument, or allow undeclared parameters for the operator.',
  },
  T2_PARAMETERS_FILE: {
    status: 500,
    remedy:
      'Make the file `{"trace2":1,"parameters":{"<name>":{"value":…}}}`; until then the last good values are used.',
  },
  T2_PARAMETERS_SOURCE: {
    status: 502,
    remedy:
      'See that the address answers with a parameters document; until then the last good values are used.',
  },
  T2_CODE_BUILT: {
    status: 500,
    remedy:
      'Build with the plugin of @trace2/instrumentation/build, or keep source maps beside what is built.',
  },
  T2_OPERATOR_NAME: {
    status: 400,
    remedy:
      'Give the function a name, `bundle(name, fn)`, or build with the plugin of @trace2/instrumentation/build.',
  },
  T2_OPERATOR_INPUTS: {
    status: 400,
    remedy:
      'Name the inputs, `bundle(name, fn, { inputs: [...] })`, or build with the plugin of @trace2/instrumentation/build.',
  },
  T2_PARAMETERS_UNCLAIMED: {
    status: 404,
    remedy:
      'Accept values for the names that the program has now. Where another program reads the same file, nothing is wrong.',
  },
  T2_FEEDBACK_TARGET: {
    status: 400,
    remedy:
      'Pass a node, `{ traceId, spanId }`, a value that exactly one operator of this run produced, or an error that a bundle threw.',
  },
  T2_FEEDBACK_EMPTY: {
    status: 400,
    remedy:
      'Give the feedback at least one of score, label and comment; a name, where it has one, is a text.',
  },
  T2_FEEDBACK_CONTENT: {
    status: 400,
    remedy:
      'Give a finite number or a boolean as score, texts as label and comment, and as scale `[min, max]` or categories from the worst to the best.',
  },
  T2_FEEDBACK_SEND: {
    status: 502,
    remedy:
      'See that the endpoint is the base address of an OTLP/HTTP receiver, and send the feedback again.',
  },
  T2_SPANS_SEND: {
    status: 502,
    remedy:
      'See that an OTLP/HTTP receiver listens there (`npx trace2 collect` is one), or give `start` another `endpoint`. What may still arrive is kept and sent again.',
  },
  T2_SPANS_LOST: {
    status: 502,
    remedy:
      'See that an OTLP/HTTP receiver listens there (`npx trace2 collect` is one), and call `await flush()` before `process.exit()`.',
  },
  T2_START_TWICE: {
    status: 409,
    remedy: 'Call `start` in one place, or `await shutdown()` before another.',
  },
  T2_START_ENDPOINT: {
    status: 400,
    remedy:
      'Give `start` an `endpoint` such as `http://localhost:4318`; until then every span is lost.',
  },
  T2_START_PROVIDER: {
    status: 409,
    remedy:
      'Remove one of the two set-ups, or give that provider another span processor whose exporter has this address.',
  },
  T2_OPENAI_CLIENT: {
    status: 400,
    remedy: 'Pass `instrumentOpenAI` a client of the `openai` package, from version 4.19 on.',
  },
  T2_REPLAY_DIVERGED: {
    status: 409,
    remedy:
      'Nothing was done. Leave out what differs for no reason (`volatile`), answer the operator with a `stub`, or say `sideEffects: false` where it only reads.',
  },
  T2_REPLAY_INCOMPLETE: {
    status: 409,
    remedy:
      'Record runs whose content is whole (`captureContent`, `maxValueLength`, no mask), answer the operator with a `stub`, or say `sideEffects: false` where it only reads.',
  },
  T2_CONTEXT_RUNTIME: {
    status: 501,
    remedy:
      'Register a context manager of OpenTelemetry for this runtime (`ZoneContextManager` in browsers), or record in Node. Until then, what a step calls after its first `await` is recorded as a trace of its own.',
  },
  T2_INSTRUMENTATION: {
    status: 500,
    remedy: 'The call itself went on unrecorded. Please report this with the message.',
  },
})

/** Raises errors of the instrumentation, and of source text that it is given. */
export const { raise } = errorCatalogue({ ...sourceErrors, ...instrumentationErrors })
