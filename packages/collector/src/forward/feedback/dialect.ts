/** The ways in which a target can be told of feedback. */
export const feedbackDialects = ['otlp', 'phoenix', 'langfuse', 'none'] as const

/**
 * How a target is told of feedback: as `gen_ai.evaluation.result` over OTLP, as Phoenix's annotations, as Langfuse's
 * scores, or not at all.
 */
export type FeedbackDialect = (typeof feedbackDialects)[number]

/** Phoenix listens here unless it is told otherwise; no other OTLP receiver does. */
const PHOENIX_PORT = '6006'
const PHOENIX_CLOUD = 'app.phoenix.arize.com'
/** Where Langfuse takes OTLP, below whatever path it is served at. */
const LANGFUSE_PATH = /\/api\/public\/otel(\/v1\/(traces|logs))?\/*$/

/** The dialect that is configured, or else the one that the address of the target can only mean. */
export function feedbackDialect({
  url,
  feedback,
}: {
  readonly url: string
  readonly feedback?: FeedbackDialect
}): FeedbackDialect {
  if (feedback) return feedback
  const { hostname, port, pathname } = new URL(url)
  if (LANGFUSE_PATH.test(pathname)) return 'langfuse'
  return port === PHOENIX_PORT || hostname === PHOENIX_CLOUD ? 'phoenix' : 'otlp'
}
