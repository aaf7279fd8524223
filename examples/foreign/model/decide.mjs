// What the scripted agent does next. Every protocol of this folder turns a request into a conversation, asks `decide`, and
// writes the decision in its own form.
//
// A conversation is { system, messages, tools, schema }: messages are { role, text, calls, results }, where calls are
// { id, name, args } and results are { id, name, text }; tools are { name, schema }; schema is that of a wanted JSON answer.
import { argumentsFor, filled } from './fill.mjs'
import { inText } from './in-text.mjs'

const HANDOVER = /transfer|hand_?-?(off|over)|delegate/i
const LOOK_UP = /look_?-?up|get_?-?order|order_?-?status|find_?-?order/i
const FINISH = /^(final_answer|finish|final_result|submit|respond|set_model_response)$/i
/** Tools that frameworks offer for their own purposes. The agent has no use for them. */
const HOUSEHOLD = /memory|todo|scratch|think|note|skill|file|shell|bash|python|wait|ask_?user/i

/** The next turn: `{ text, call }`; `call` is `null` or `{ name, args }`. */
export function decide(conversation) {
  const { system, messages, tools, schema } = conversation
  const asked = lastQuestion(messages)
  const question = messages[asked]?.text ?? ''
  const since = messages.slice(asked + 1)
  const results = since.flatMap((message) => message.results)
  const called = new Set(since.flatMap((message) => message.calls.map(({ name }) => name)))
  const textual = inText({ system, messages, question })
  if (textual !== undefined) return { text: textual, call: null }

  const tool = nextTool(tools, called, question)
  if (tool) return { text: '', call: { name: tool.name, args: argumentsFor(tool, question) } }
  const answer = answerTo(system, question, results)
  const finish = tools.find(({ name }) => FINISH.test(name))
  if (finish) return { text: '', call: { name: finish.name, args: filled(finish.schema, answer) } }
  if (schema) return { text: JSON.stringify(filled(schema, answer)), call: null }
  return { text: answer, call: null }
}

/** Where the user last asked something. What a framework adds for context is no question. */
function lastQuestion(messages) {
  const asks = ({ role, text }) => role === 'user' && text !== '' && !/^For context/i.test(text)
  const question = messages.findLastIndex((message) => asks(message) && /[?:]/.test(message.text))
  return question === -1 ? messages.findLastIndex(asks) : question
}

/** Looks the order up first, then calls what the question names, and hands over only before anything else. */
function nextTool(tools, called, question) {
  const open = tools.filter(({ name }) => !called.has(name) && !FINISH.test(name))
  const lookUp = open.find(({ name }) => LOOK_UP.test(name))
  if (lookUp) return lookUp
  const named = open.find((tool) => !HANDOVER.test(tool.name) && isNamedIn(question, tool.name))
  if (named) return named
  if (called.size > 0) return undefined
  const useful = open.filter(({ name }) => !HOUSEHOLD.test(name))
  return useful.find(({ name }) => HANDOVER.test(name)) ?? useful[0]
}

function isNamedIn(question, name) {
  const words = name.toLowerCase().match(/[a-z]+/g) ?? []
  const text = question.toLowerCase()
  return words.some((word) => word.length > 4 && word !== 'order' && text.includes(word))
}

const openings = [
  'Here is what I found:',
  'This is what the customer should know:',
  'In short:',
  'The matter stands as follows:',
]

/** The final answer. It quotes what the tools gave, or what was asked, so that its origin can be seen. */
function answerTo(system, question, results) {
  const given = results.map(({ text }) => text.trim()).filter((text) => text !== '')
  if (given.length > 0) return `Thank you for waiting. ${given.join(' ')}`
  const letters = [...system].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0)
  return `${openings[letters % openings.length]} ${question.trim().slice(0, 400)}`
}
