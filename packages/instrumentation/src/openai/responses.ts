import { type Answer, contentPointer, outputOf, textsOf, toolCallPointer } from './answer.ts'
import { responseAttributes } from './chat.ts'
import type { Endpoint, HandedOut, Input, Outcome } from './endpoint.ts'
import { type Fields, isObject, listOf, member, objectsOf, textOf } from './json.ts'
import { messageInput } from './messages.ts'
import { genAi } from './names.ts'
import { commonInputs, inside, requestAttributes } from './request.ts'
import { ResponsesAssembly } from './responses-assembly.ts'

/** `responses` */
export const responses: Endpoint = {
  operator: 'openai.responses',
  description: 'A language model answers the input, following the instructions.',
  operation: 'chat',
  step: 'llm',
  request: (body) => requestAttributes(body, 'responses'),
  inputs: (body, passed) => [...inputsOf(body, passed), ...commonInputs(body, passed)],
  outcome: (response) =>
    isObject(response) && Array.isArray(response.output) ? outcome(response) : undefined,
  assemble: () => new ResponsesAssembly(),
}

function inputsOf(body: Fields, passed: Fields): Input[] {
  const { instructions, input } = body
  const inputs: Input[] = []
  if (instructions !== undefined && instructions !== null) {
    inputs.push({ role: 'instructions', passed: passed.instructions, plain: instructions })
  }
  if (typeof input === 'string') {
    const message = { role: 'user', content: input }
    inputs.push({ role: 'input', passed: passed.input, plain: input, message })
  }
  for (const [index, item] of listOf(input).entries()) {
    inputs.push(itemInput(`input/${index}`, item, inside(passed.input, index)))
  }
  return inputs
}

function itemInput(role: string, item: unknown, passed: unknown): Input {
  const type = textOf(member(item, 'type'))
  if (isObject(item) && type?.endsWith('_output')) {
    const plain = item.output
    return { role: `${role}/tool`, passed: inside(passed, 'output'), plain, message: item }
  }
  if (isObject(item) && item.role === undefined) {
    return { role: `${role}/${type ?? 'item'}`, passed: item, plain: item, message: item }
  }
  return messageInput(role, item, passed)
}

function outcome(response: Fields): Outcome {
  const answer = answerOf(response)
  const reason = finishReason(response, answer)
  return {
    output: outputOf(answer),
    attributes: {
      ...responseAttributes(response),
      ...(reason !== undefined && { [genAi.finishReasons]: [reason] }),
    },
    finishReasons: reason === undefined ? [] : [reason],
    handedOut: [
      { value: response, pointer: '' },
      // A later request names the response that it goes on from.
      { value: textOf(response.id), pointer: '' },
      { value: response.output, pointer: '' },
      ...partsOf(response, answer),
      ...textsOf(answer, ''),
    ],
    failure: failureOf(response),
  }
}

function answerOf(response: Fields): Answer {
  const parts = objectsOf(response.output).flatMap((item) =>
    item.type === 'message' ? objectsOf(item.content) : [],
  )
  const texts = parts.flatMap((part) => textOf(part.text) ?? [])
  return {
    content: texts.length > 0 ? texts.join('') : undefined,
    refusal: parts.map((part) => textOf(part.refusal)).find((text) => text !== undefined),
    toolCalls: callsIn(response).map((item) => ({
      id: textOf(item.call_id),
      name: textOf(item.name),
      arguments: textOf(item.arguments ?? item.input) ?? '',
    })),
  }
}

function callsIn(response: Fields): Fields[] {
  return objectsOf(response.output).filter(
    ({ type }) => type === 'function_call' || type === 'custom_tool_call',
  )
}

/** The objects of a response that a caller may pass on. */
function partsOf(response: Fields, answer: Answer): HandedOut[] {
  const content = contentPointer(answer, '')
  const calls = callsIn(response)
  return [
    { value: response.output_parsed, pointer: content, whole: true },
    ...objectsOf(response.output).flatMap((item) => {
      const index = calls.indexOf(item)
      if (index >= 0) {
        const pointer = toolCallPointer('', index)
        const args = { value: item.parsed_arguments, pointer: `${pointer}/arguments`, whole: true }
        return [{ value: item, pointer }, args]
      }
      const parts = objectsOf(item.content)
      return [
        { value: item, pointer: item.type === 'message' ? content : '' },
        ...parts.map((part) => ({ value: part, pointer: content })),
        ...parts.map((part) => ({ value: part.parsed, pointer: content, whole: true })),
      ]
    }),
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

function failureOf(response: Fields): Error | undefined {
  if (response.status !== 'failed') return undefined
  const failure = new Error(textOf(member(response.error, 'message')) ?? 'the response failed')
  failure.name = textOf(member(response.error, 'code')) ?? 'ResponseFailed'
  return failure
}
