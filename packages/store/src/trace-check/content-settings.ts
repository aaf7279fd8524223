interface Setting {
  /** What the scope's name has in it. */
  readonly scope: RegExp
  /** Dialect that only this sender writes. */
  readonly dialect?: string
  readonly remedy: string
}

/** How each instrumentation is told to record what is said, each from its published documentation. */
const settings: readonly Setting[] = [
  {
    scope: /openinference|^@arizeai\//,
    dialect: 'openinference',
    remedy:
      'OpenInference records content unless told not to: unset OPENINFERENCE_HIDE_INPUTS, OPENINFERENCE_HIDE_OUTPUTS, OPENINFERENCE_HIDE_INPUT_MESSAGES and OPENINFERENCE_HIDE_OUTPUT_MESSAGES, and the same in TraceConfig.',
  },
  {
    scope: /^ai$|^@ai-sdk\//,
    dialect: 'vercel_ai',
    remedy:
      'Set recordInputs and recordOutputs to true in experimental_telemetry (telemetry from AI SDK 7 on), or leave both out.',
  },
  {
    scope: /traceloop/,
    dialect: 'openllmetry',
    remedy: 'Set TRACELOOP_TRACE_CONTENT=true, or unset it.',
  },
  {
    scope: /pydantic[-_]ai|logfire/,
    dialect: 'logfire',
    remedy: 'Leave include_content of InstrumentationSettings at True.',
  },
  {
    scope: /^gcp\.vertex\.agent$/,
    dialect: 'google_adk',
    remedy: 'Set ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=true.',
  },
  {
    scope: /langsmith/,
    dialect: 'langsmith',
    remedy: 'Unset LANGSMITH_HIDE_INPUTS and LANGSMITH_HIDE_OUTPUTS.',
  },
  {
    scope: /haystack/,
    dialect: 'haystack',
    remedy: 'Set HAYSTACK_CONTENT_TRACING_ENABLED=true before the program starts.',
  },
  {
    scope: /claude_code/,
    dialect: 'claude_code',
    remedy:
      'Set OTEL_LOG_USER_PROMPTS=1, OTEL_LOG_TOOL_DETAILS=1 and OTEL_LOG_TOOL_CONTENT=1. What a request asked and answered is on its span only with detailed beta tracing (ENABLE_BETA_TRACING_DETAILED=1).',
  },
  {
    scope: /gemini-cli/,
    remedy: 'Set GEMINI_TELEMETRY_LOG_PROMPTS=true, or telemetry.logPrompts in its settings.',
  },
  {
    scope: /semantic[-_.]?kernel/i,
    remedy: 'Set SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS_SENSITIVE=true.',
  },
  {
    scope: /agent[-_.]?framework/i,
    remedy:
      'Call configure_otel_providers(enable_sensitive_data=True); in .NET set EnableSensitiveData in UseOpenTelemetry.',
  },
  {
    scope: /^azure[.-]|^@azure\//,
    remedy: 'Set AZURE_TRACING_GEN_AI_CONTENT_RECORDING_ENABLED=true.',
  },
]

const standard =
  'Set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, or span_and_event where OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental is set. Where messages come as log events, send logs to the collector as well.'

/** What makes an instrumentation record prompts and answers. */
export function contentSetting(scope: string, dialect: string): string {
  const found =
    settings.find((setting) => setting.scope.test(scope)) ??
    settings.find((setting) => setting.dialect === dialect)
  return found?.remedy ?? standard
}
