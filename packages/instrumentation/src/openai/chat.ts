import { guarded } from '../operator/guarded.ts'
import {
  type Answer,
  answerOf,
  contentPointer,
  outputOf,
  textsOf,
  toolCallPointer,
} from './answer.ts'
import { ChatAssembly } from './chat-assembly.ts'
import type { Endpoint, Input, Outcome, OutputMessage, Returned } from './endpoint.ts'
import { failureFrom, isError, unanswered } from './failure.ts'
import { type Fields, isObject, listOf, member, objectsOf, textOf } from './json.ts'
import { messageInputs } from './messages.ts'
import { genAi, openAi } from './names.ts'
import { messageParts, toolCallsOf } from './parts.ts'
import { commonInputs, inside, requestAttributes } from './request.ts'
import { present, usageAttributes } from './usage.ts'

/** `chat.completions` */
export const chat: Endpoint = {
  operator: 'openai.chat',
  description: 'A language model answers the messages.',
  operation: 'chat',
  step: 'llm',
  isKept: true,
  request: (body) => requestAttributes(body, 'chat_completions'),
  inputs: (body, passed) => [...messagesOf(body, passed), ...commonInputs(body, passed)],
  outcome: (response) =>
    isObject(response) && Array.isArray(response.choices)
      ? outcome(response)
      : unanswered(response),
  assemble: () => new ChatAssembly(),
}

function messagesOf(body: Fields, passed: Fields): Input[] {
  return listOf(body.messages).flatMap((message, index) => {
    const given = inside(passed.messages, index)
    // A message that cannot be read costs only itself.
    return guarded(() => messageInputs(`messages/${index}`, message, given)) ?? []
  })
}

function outcome(response: Fields): Outcome {
  const choices = objectsOf(response.choices)
  const single = choices.length === 1
  const messages: OutputMessage[] = []
  const returned: Returned[] = [
    { value: response, pointer: '' },
    { value: response.choices, pointer: '' },
  ]
  for (const [index, choice] of choices.entries()) {
    const base = single ? '' : `/${index}`
    const { message } = choice
    const answer = answerOf(isObject(message) ? messageParts(message) : [])
    const finishReason = conventional(textOf(choice.finish_reason))
    messages.push({ output: outputOf(answer), parts: answer.parts, finishReason })
    returned.push({ value: choice, pointer: base })
    returned.push(...objectsIn(message, answer, base))
    returned.push(...textsOf(answer, textsIn(message), argumentsIn(message), base))
  }
  const finishReasons = choices.flatMap((choice) => textOf(choice.finish_reason) ?? [])
  const [first] = messages
  return {
    output: messages.length > 1 ? messages.map(({ output }) => output) : first?.output,
    attributes: {
      ...responseAttributes(response),
      ...(finishReasons.length > 0 && { [genAi.finishReasons]: finishReasons }),
    },
    messages,
    returned,
    failure: failureOf(response, choices),
  }
}

function conventional(reason: string | undefined): string | undefined {
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool_call' : reason
}

/** Gateways put the error of the endpoint behind them into the envelope, or into the choice that it cut short. */
function failureOf(response: Fields, choices: readonly Fields[]): Error | undefined {
  const error = [response, ...choices].map((holder) => holder.error).find(isError)
  return isError(error) ? failureFrom(error, 'The endpoint could not answer.') : undefined
}

/** What any response says of itself. */
export function responseAttributes(response: Fields): Outcome['attributes'] {
  return present({
    [genAi.responseId]: textOf(response.id),
    [genAi.responseModel]: textOf(response.model),
    [openAi.responseTier]: textOf(response.service_tier),
    [openAi.fingerprint]: textOf(response.system_fingerprint),
    ...usageAttributes(response.usage),
  })
}

function textsIn(message: unknown): unknown[] {
  const content = member(message, 'content')
  return [content, ...listOf(content).map((part) => member(part, 'text'))]
}

/** The arguments of each call, as the model wrote them. */
function argumentsIn(message: unknown): string[] {
  return toolCallsOf(message).map((call) => {
    const what = member(call, 'function') ?? member(call, 'custom')
    return textOf(member(what, 'arguments') ?? member(what, 'input')) ?? ''
  })
}

/** The objects of a message that a caller may pass on. */
function objectsIn(message: unknown, answer: Answer, base: string): Returned[] {
  const content = contentPointer(answer, base)
  const parts = member(message, 'content')
  return [
    { value: message, pointer: base },
    { value: member(message, 'parsed'), pointer: content, whole: true },
    ...[parts, ...listOf(parts)].flatMap((value) =>
      typeof value === 'object' ? [{ value, pointer: content }] : [],
    ),
    { value: member(message, 'tool_calls'), pointer: `${base}/tool_calls` },
    ...toolCallsOf(message).flatMap((call, index) => {
      const pointer = toolCallPointer(base, index)
      const fn = member(call, 'function')
      return [
        { value: call, pointer },
        { value: fn, pointer },
        { value: member(fn, 'parsed_arguments'), pointer: `${pointer}/arguments`, whole: true },
      ]
    }),
  ]
}
