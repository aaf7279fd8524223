// Agents that ask for tools in the text of an answer: ReAct ("Action:"), code agents, and DSPy's marked fields.
import { orderIn } from './fill.mjs'

/** The answer in the form that the instructions ask for; `undefined` where they ask for none. */
export function inText({ system, messages, question }) {
  const all = [system, ...messages.map(({ text }) => text)].join('\n')
  if (/\[\[ ## completed ## \]\]/.test(all)) return markedFields(all, messages)
  if (/<code>|```python|```py/.test(system) && /final_answer/.test(system)) {
    return codeStep(messages, question)
  }
  if (/Action Input:/.test(all)) return reactStep(messages, question)
  return undefined
}

function observation(messages) {
  const found = messages
    .flatMap(({ text, results }) => [text, ...results.map((result) => result.text)])
    .findLast((text) => /Observation:|Execution logs|Last output/i.test(text))
  return found?.match(/(?:Observation:|Last output[^\n]*:)\s*([^\n]+)/)?.[1]?.trim()
}

function toolIn(text) {
  return (
    text.match(/\b(lookup_order|look_up_order|get_order|order_status)\b/)?.[1] ?? 'lookup_order'
  )
}

function reactStep(messages, question) {
  const text = messages.map((message) => message.text).join('\n')
  const seen = observation(messages)
  if (seen)
    return `Thought: I now know the final answer\nFinal Answer: Thank you for waiting. ${seen}`
  const input = JSON.stringify({ order_id: orderIn(question) })
  return `Thought: I have to look the order up.\nAction: ${toolIn(text)}\nAction Input: ${input}`
}

function codeStep(messages, question) {
  const seen = observation(messages)
  const code = seen
    ? `final_answer(${JSON.stringify(`Thank you for waiting. ${seen}`)})`
    : `print(lookup_order(order_id=${JSON.stringify(orderIn(question))}))`
  const fence = messages.some(({ text }) => text.includes('<code>')) ? ['<code>', '</code>'] : null
  const thought = seen ? 'The order is known.' : 'I look the order up.'
  return fence
    ? `Thought: ${thought}\n${fence[0]}\n${code}\n${fence[1]}`
    : `Thought: ${thought}\n\`\`\`python\n${code}\n\`\`\`<end_code>`
}

/** DSPy lists the fields of the answer in its last instruction; each stands in a line that says how it is marked. */
function markedFields(all, messages) {
  const last = messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const wanted = [
    ...(last.match(/Respond with[\s\S]*$/)?.[0] ?? '').matchAll(/\[\[ ## (\w+) ## \]\]/g),
  ]
    .map(([, name]) => name)
    .filter((name) => name !== 'completed')
  const given = field(last, 'trajectory') ?? ''
  const seen =
    given.match(/observation_0 ## \]\]\s*([^\n]+)/)?.[1] ??
    given.match(/observation_0\W+([^\n]+)/)?.[1]
  const question = field(last, 'question') ?? last
  const values = {
    next_thought: seen ? 'The order is known.' : 'I have to look the order up.',
    next_tool_name: seen ? 'finish' : toolIn(all),
    next_tool_args: JSON.stringify(seen ? {} : { order_id: orderIn(question) }),
    reasoning: 'I say what is known of the order.',
  }
  const answer = `Thank you for waiting. ${seen ?? question.trim().slice(0, 200)}`
  const fields = wanted.map((name) => `[[ ## ${name} ## ]]\n${values[name] ?? answer}`)
  return [...fields, '[[ ## completed ## ]]'].join('\n\n')
}

function field(text, name) {
  return text.match(
    new RegExp(
      `\\[\\[ ## ${name} ## \\]\\]\\s*([\\s\\S]*?)(?=\\n\\[\\[ ## (?!thought|tool|observation)|\\nRespond with|$)`,
    ),
  )?.[1]
}
