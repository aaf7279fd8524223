import { type Line, matrixOf } from './matrix.ts'

/** The page of the documentation, with the matrix of real programs. */
export function pageOf(lines: readonly Line[]): string {
  return `# Frameworks

<!-- Written by npm run docs:foreign. -->

## Send your traces

No code has to change where a program is recorded with OpenTelemetry already, by its framework or by one of the instrumentations
below. Start the collector, and send it the traces:

\`\`\`sh
npx trace2 collect    # in a terminal of its own
\`\`\`

\`\`\`sh
export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
\`\`\`

Run the program with these two variables, then ask what came, and what to change in the sender:

\`\`\`sh
npx trace2 doctor --traces
\`\`\`

- The endpoint is the base address: exporters add \`/v1/traces\` themselves. Where an exporter is made in code and wants a whole
  URL, it is \`http://127.0.0.1:4318/v1/traces\`.
- The collector speaks OTLP over HTTP, and no gRPC, which some SDKs speak without the second variable.
- The SDKs of Langfuse and of LangWatch add a path of their own to their base address; it is taken as well.
- A short program has to flush before it ends (\`forceFlush\` or \`shutdown\` of the tracer provider), or its last spans are
  never sent.
- Many instrumentations leave prompts and answers out until a switch is set. \`doctor --traces\` names the one of yours.

## What is read of which

What Trace2 reads of the traces of other frameworks. Each line is a real program in
[examples/foreign](https://github.com/trace2/trace2-ts/tree/main/examples/foreign): an agent with two tools, which answers two
questions in one session, and a chain or a handover of two agents where the framework has such. It is recorded by the
instrumentation that is named, in the versions that are named, and knows nothing of Trace2. What it really did is known from the
model that answered it, and the numbers are compared with that.

- **model calls**, **tool calls**: spans that are read as such.
- **edges**: from a model through the tool that it asked for to the model that got the result, and from a model to the one that was
  told its answer. A tool without a span is passed over.
- **prompts**, **tools**: system prompts, and descriptions of tools, that are parameters.
- **not sent**: the framework does not send it with these settings, or in another trace than the call that it is of, without saying
  which. **not read**: it is sent, and Trace2 does not read it.

${matrixOf(lines)}`
}
