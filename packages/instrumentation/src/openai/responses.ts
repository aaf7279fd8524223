import { guarded } from '../operator/guarded.ts'
import {
  type Answer,
  answerOf,
  contentPointer,
  outputOf,
  textsOf,
  toolCallPointer,
} from './answer.ts'
import type { Part } from './blob.ts'
import { responseAttributes } from './chat.ts'
import type { Endpoint, Input, Outcome, Returned } from './endpoint.ts'
import { failureFrom, isError, unanswered } from './failure.ts'
import { type Fields, isObject, listOf, member, objectsOf, textOf } from './json.ts'
import { legible } from './legible.ts'
import { messageInputs } from './messages.ts'
import { genAi } from './names.ts'
import { messageParts } from './parts.ts'
import { commonInputs, inside, requestAttributes } from './request.ts'
import { ResponsesAssembly } from './responses-assembly.ts'

/** `responses` */
export const responses: Endpoint = {
  operator: 'openai.responses',
  description: 'A language model answers the input, following the instructions.',
  operation: 'chat',
  step: 'llm',
  isKept: true,
  request: (body) => requestAttributes(body, 'responses'),
  inputs: (body, passed) => [...inputsOf(body, passed), ...commonInputs(body, passed)],
  outcome: (response) =>
    isObject(response) && (Array.isArray(response.output) || response.status === 'failed')
      ? outcome(response)
      : unanswered(response),
  assemble: () => new ResponsesAssembly(),
}

function inputsOf(body: Fields, passed: Fields): Input[] {
  const { instructions, input } = body
  const inputs: Input[] = []
  if (Array.isArray(instructions)) {
    inputs.push(...itemInputs('instructions', instructions, passed.instructions))
  } else if (instructions !== undefined && instructions !== null) {
    inputs.push({ role: 'instructions', passed: passed.instructions, plain: legible(instructions) })
  }
  if (typeof input === 'string') {
    const message = { speaker: 'user', parts: messageParts({ role: 'user', content: input }) }
    inputs.push({ role: 'input', passed: passed.input, plain: legible(input), message })
  }
  return [...inputs, ...itemInputs('input', input, passed.input)]
}

function itemInputs(place: string, items: unknown, passed: unknown): Input[] {
  return listOf(items).flatMap((item, index) => {
    const given = inside(passed, index)
    // An item that cannot be read costs only itself.
    return guarded(() => messageInputs(`${place}/${index}`, item, given)) ?? []
  })
}

function outcome(response: Fields): Outcome {
  const items = objectsOf(response.output)
  const parts = items.map(messageParts)
  const answer = answerOf(parts.flat())
  const output = outputOf(answer)
  const reason = finishReason(response, answer)
  return {
    output,
    attributes: {
      ...responseAttributes(response),
      ...(reason !== undefined && { [genAi.finishReasons]: [reason] }),
    },
    messages: [{ output, parts: answer.parts, finishReason: reason }],
    returned: [
      { value: response, pointer: '' },
      // A later request names the response that it goes on from.
      { value: textOf(response.id), pointer: '' },
      { value: response.output, pointer: '' },
      { value: response.output_parsed, pointer: contentPointer(answer, ''), whole: true },
      ...items.flatMap((item, index) => objectsIn(item, parts[index] ?? [], answer)),
      ...textsOf(answer, items.flatMap(textsIn), argumentsIn(items, parts), ''),
    ],
    failure: failureOf(response),
  }
}

function textsIn({ content }: Fields): unknown[] {
  return listOf(content).map((part) => member(part, 'text'))
}

/** The arguments of each call that the caller is to make, as the model wrote them. */
function argumentsIn(items: readonly Fields[], parts: readonly (readonly Part[])[]): string[] {
  const calls = items.filter((_item, index) => parts[index]?.[0]?.type === 'tool_call')
  return calls.map((item) => textOf(item.arguments ?? item.input) ?? '')
}

/** The objects of an item that a caller may pass on. */
function objectsIn(item: Fields, parts: readonly Part[], answer: Answer): Returned[] {
  const [part] = parts
  const index = part ? answer.toolCalls.indexOf(part) : -1
  if (index >= 0) {
    const pointer = toolCallPointer('', index)
    const args = { value: item.parsed_arguments, pointer: `${pointer}/arguments`, whole: true }
    return [{ value: item, pointer }, args]
  }
  const content = contentPointer(answer, '')
  const inner = objectsOf(item.content)
  return [
    { value: item, pointer: item.type === 'message' ? content : '' },
    ...inner.map((value) => ({ value, pointer: content })),
    ...inner.map(({ parsed }) => ({ value: parsed, pointer: content, whole: true })),
  ]
}

function finishReason(response: Fields, { toolCalls }: Answer): string | undefined {
  if (response.status === 'incomplete') {
    const reason = textOf(member(response.incomplete_details, 'reason'))
    return reason === 'max_output_tokens' ? 'length' : reason
  }
  if (response.status !== undefined && response.status !== 'completed') return undefined
  return toolCalls.length > 0 ? 'tool_call' : 'stop'
}

function failureOf({ status, error }: Fields): Error | undefined {
  if (status !== 'failed' && !isError(error)) return undefined
  return failureFrom(error, 'The response failed.', 'ResponseFailed')
}
