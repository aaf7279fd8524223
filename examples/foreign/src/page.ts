import { type Line, matrixOf } from './matrix.ts'

/** The page of the documentation, with the matrix of real programs. */
export function pageOf(lines: readonly Line[]): string {
  return `# Frameworks

<!-- Written by npm run docs:foreign. -->

What Trace2 reads of the traces of other frameworks. Each line is a real program in
[examples/foreign](https://github.com/trace2/trace2-ts/tree/main/examples/foreign): an agent with two tools, which answers two
questions in one session, and a chain or a handover of two agents where the framework has such. It is recorded by the
instrumentation that is named, in the versions that are named, and knows nothing of Trace2. What it really did is known from the
model that answered it, and the numbers are compared with that.

- **model calls**, **tool calls**: spans that are read as such.
- **edges**: from a model through the tool that it asked for to the model that got the result, and from a model to the one that was
  told its answer. A tool without a span is passed over.
- **prompts**, **tools**: system prompts, and descriptions of tools, that are parameters.
- **not sent**: the framework does not send it with these settings. **not read**: it is sent, and Trace2 does not read it.

\`trace2 doctor --traces\` says the same of your own traces, and what to change in the sender.

${matrixOf(lines)}`
}
