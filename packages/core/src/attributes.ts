/**
 * Every attribute name that Trace2 writes or reads as its own. `docs/semantic-conventions.md` is the prose of
 * this file; nothing else in the project spells one of these names.
 */

/** Version of these conventions, as the `schemaUrl` of the instrumentation scope carries it. */
export const SCHEMA_URL = 'https://trace2.dev/schemas/1.0.0'

/** Name of the instrumentation scope of spans that this library makes. */
export const SCOPE_NAME = '@trace2/instrumentation'

/** What a span is: {@link Trace2Kind}. */
export const ATTR_KIND = 'trace2.kind'
/** A run of an agent, one operator call in it, or the carrier of feedback. Foreign spans have no kind. */
export type Trace2Kind = 'run' | 'op' | 'feedback'

/** Name of the operator. */
export const ATTR_OP = 'trace2.op'
/** The purpose of the operator, in words. */
export const ATTR_OP_DESCRIPTION = 'trace2.op.description'
/** First 16 hex digits of the SHA-256 of the operator's source text. */
export const ATTR_OP_SOURCE_HASH = 'trace2.op.source_hash'
/** `true` where a replay must never execute the operator again, `false` where its author says that it may. */
export const ATTR_OP_SIDE_EFFECTS = 'trace2.op.side_effects'
/** String array: inputs that a replay does not compare. */
export const ATTR_OP_VOLATILE = 'trace2.op.volatile'
/** Place of the call among the calls of its process, in the order of their start: times are too coarse to tell it. */
export const ATTR_OP_ORDER = 'trace2.op.order'

/** How many calls inside were not recorded, because they were too deep on the stack. */
export const ATTR_OP_OMITTED = 'trace2.op.omitted_calls'

/** String array, one `role=ref` per recorded origin of an input; see {@link formatInput}. */
export const ATTR_INPUTS = 'trace2.inputs'
/** Followed by a role: the static text of a `` t`…` `` template with `{0}`, `{1}` … where values went in. */
export const PREFIX_INPUT_TEMPLATE = 'trace2.input.template.'
/** Followed by a role: SHA-256 of the canonical JSON of a value that was cut or withheld. */
export const PREFIX_INPUT_HASH = 'trace2.input.hash.'
/** SHA-256 of the canonical JSON of an output that was cut or withheld. */
export const ATTR_OUTPUT_HASH = 'trace2.output.hash'
/** String array, one `fidelity=role` for each input whose text is not its exact JSON: {@link InputFidelity}. */
export const ATTR_INPUT_FIDELITY = 'trace2.input.fidelity'
/** How an input's text falls short of the value. */
export type InputFidelity = 'described' | 'opaque' | 'masked'
/** Where the output's text is not all of its value: {@link OutputFidelity}. */
export const ATTR_OUTPUT_FIDELITY = 'trace2.output.fidelity'
/** How an output's text falls short of the value. `unfinished`: a stream was not read to its end. */
export type OutputFidelity = InputFidelity | 'unfinished'
/**
 * String array: members of the output that are `undefined`, which its text leaves out or has as `null`: the place of each
 * among the members of its object, and a JSON pointer (`0/title`).
 */
export const ATTR_OUTPUT_UNDEFINED = 'trace2.output.undefined'
/** How the caller got the output: `promise`, `generator`, `async generator`, `iterable`, `promise of iterable` … */
export const ATTR_OUTPUT_FORM = 'trace2.output.form'
/** Lengths of the pieces, in UTF-16 code units, in which a stream gave a text. */
export const ATTR_OUTPUT_PIECES = 'trace2.output.pieces'

/** Of a model call: SHA-256 of the canonical JSON of the whole request. */
export const ATTR_REQUEST_HASH = 'trace2.request.hash'
/** Of a model call: SHA-256 of the canonical JSON of the request without its messages. */
export const ATTR_REQUEST_SETTINGS_HASH = 'trace2.request.settings_hash'
/** Of a model call, JSON text: the body of the answer, or what the pieces of a stream come to. */
export const ATTR_RESPONSE_BODY = 'trace2.response.body'

/** `served` or `stubbed`: a replay answered the call, and nothing was executed. */
export const ATTR_REPLAY = 'trace2.replay'
/** String array: what of a span a collector took something out of, `input`, `output`, `error`. */
export const ATTR_REDACTED = 'trace2.redacted'

/**
 * Value of a parameter. The name of the parameter follows; it comes last, so that a dotted name is never ambiguous. For
 * a further version of it on the same span, `name@version` follows. The other `PREFIX_PARAM_` names work alike.
 */
export const PREFIX_PARAM_VALUE = 'trace2.param.value.'
/** Followed by the name of a parameter: its version. */
export const PREFIX_PARAM_VERSION = 'trace2.param.version.'
/** Followed by the name of a parameter: whether an optimizer may change it. */
export const PREFIX_PARAM_TRAINABLE = 'trace2.param.trainable.'
/** Followed by the name of a parameter: its purpose, in words. */
export const PREFIX_PARAM_DESCRIPTION = 'trace2.param.description.'
/** Followed by the name of a parameter: the JSON schema of its value, as JSON text. */
export const PREFIX_PARAM_SCHEMA = 'trace2.param.schema.'
/** Followed by the name of a parameter: what its text was declared to be. */
export const PREFIX_PARAM_KIND = 'trace2.param.kind.'
/** Followed by the name of a parameter: the probability with which the run got this version. */
export const PREFIX_PARAM_PROPENSITY = 'trace2.param.propensity.'

/** Attribute of a link that is a dataflow edge: the role of the value in its consumer. */
export const LINK_ROLE = 'trace2.edge.role'
/** Attribute of a link that is a dataflow edge: how the origin is known. */
export const LINK_HOW = 'trace2.edge.how'
/** Attribute of a link that is a dataflow edge: JSON pointer to the part of the origin that was used. */
export const LINK_POINTER = 'trace2.edge.pointer'

/** Who gave a piece of feedback: `human`, `model` or `code`. OpenInference calls it the annotator kind. */
export const ATTR_FEEDBACK_SOURCE = 'trace2.feedback.source'
/** Identifies a result among several of one name on one target; a later one with the same identifier replaces it. */
export const ATTR_FEEDBACK_IDENTIFIER = 'trace2.feedback.identifier'
/** What the name of the feedback means: `[min, max]` as doubles, or its categories from the worst to the best as strings. */
export const ATTR_FEEDBACK_SCALE = 'trace2.feedback.scale'
/** `higher` or `lower`: which end of the scale is good. */
export const ATTR_FEEDBACK_DIRECTION = 'trace2.feedback.direction'
/** How much the name counts beside others, a double of at least 0. */
export const ATTR_FEEDBACK_WEIGHT = 'trace2.feedback.weight'

/** On the resource of a run that was made to compare candidates: the id of the experiment. */
export const ATTR_EXPERIMENT = 'trace2.experiment'
/** On the resource of a run that was made to compare candidates: the id of the trial. */
export const ATTR_TRIAL = 'trace2.trial'

/** The inputs, as OpenInference defines it. */
export const ATTR_INPUT_VALUE = 'input.value'
/** Type of the text of the inputs, as OpenInference defines it. */
export const ATTR_INPUT_MIME_TYPE = 'input.mime_type'
/** The output, as OpenInference defines it. */
export const ATTR_OUTPUT_VALUE = 'output.value'
/** Type of the text of the output, as OpenInference defines it. */
export const ATTR_OUTPUT_MIME_TYPE = 'output.mime_type'
/** Kind of the step, as OpenInference defines it. */
export const ATTR_OPENINFERENCE_KIND = 'openinference.span.kind'
/** Id of the conversation, as OpenInference and OpenTelemetry define it. */
export const ATTR_SESSION_ID = 'session.id'
/** Name of a piece of feedback, as OpenTelemetry defines it. */
export const ATTR_EVALUATION_NAME = 'gen_ai.evaluation.name'
/** Score of a piece of feedback, as OpenTelemetry defines it. */
export const ATTR_EVALUATION_SCORE = 'gen_ai.evaluation.score.value'
/** Label of a piece of feedback, as OpenTelemetry defines it. */
export const ATTR_EVALUATION_LABEL = 'gen_ai.evaluation.score.label'
/** Comment of a piece of feedback, as OpenTelemetry defines it. */
export const ATTR_EVALUATION_EXPLANATION = 'gen_ai.evaluation.explanation'
/** Name of the function, as OpenTelemetry defines it. */
export const ATTR_CODE_FUNCTION = 'code.function.name'
/** Path of the source file, as OpenTelemetry defines it. */
export const ATTR_CODE_FILE = 'code.file.path'
/** Line in the source file, as OpenTelemetry defines it. */
export const ATTR_CODE_LINE = 'code.line.number'
/** Class of an error, as OpenTelemetry defines it. */
export const ATTR_EXCEPTION_TYPE = 'exception.type'
/** Message of an error, as OpenTelemetry defines it. */
export const ATTR_EXCEPTION_MESSAGE = 'exception.message'
/** Stack of an error, as OpenTelemetry defines it. */
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace'
/** On an exception event: the lines of source around the place that threw, the line itself marked. */
export const ATTR_EXCEPTION_FRAME = 'trace2.exception.frame'
/** On an exception event, string array: what caused the error, the nearest first, each as `type: message`. */
export const ATTR_EXCEPTION_CAUSES = 'trace2.exception.causes'
/** On an exception event, JSON text: members by which programs tell errors apart (`code`, `status` …). */
export const ATTR_EXCEPTION_MEMBERS = 'trace2.exception.members'
