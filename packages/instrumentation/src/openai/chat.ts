import { type Answer, contentPointer, outputOf, textsOf, toolCallPointer } from './answer.ts'
import { ChatAssembly } from './chat-assembly.ts'
import type { Endpoint, HandedOut, Input, Outcome } from './endpoint.ts'
import { type Fields, isObject, listOf, member, objectsOf, textOf } from './json.ts'
import { messageInput } from './messages.ts'
import { genAi, openAi } from './names.ts'
import { commonInputs, inside, requestAttributes } from './request.ts'
import { present, usageAttributes } from './usage.ts'

/** `chat.completions` */
export const chat: Endpoint = {
  operator: 'openai.chat',
  description: 'A language model answers the messages.',
  operation: 'chat',
  step: 'llm',
  request: (body) => requestAttributes(body, 'chat_completions'),
  inputs: (body, passed) => [...messagesOf(body, passed), ...commonInputs(body, passed)],
  outcome: (response) =>
    isObject(response) && Array.isArray(response.choices) ? outcome(response) : undefined,
  assemble: () => new ChatAssembly(),
}

function messagesOf(body: Fields, passed: Fields): Input[] {
  return listOf(body.messages).map((message, index) =>
    messageInput(`messages/${index}`, message, inside(passed.messages, index)),
  )
}

function outcome(response: Fields): Outcome {
  const choices = objectsOf(response.choices)
  const single = choices.length === 1
  const outputs: unknown[] = []
  const handedOut: HandedOut[] = [
    { value: response, pointer: '' },
    { value: response.choices, pointer: '' },
  ]
  for (const [index, choice] of choices.entries()) {
    const base = single ? '' : `/${index}`
    const answer = answerOf(choice.message)
    outputs.push(outputOf(answer))
    handedOut.push({ value: choice, pointer: base })
    handedOut.push(...partsOf(choice.message, answer, base), ...textsOf(answer, base))
  }
  const finishReasons = choices.flatMap((choice) => textOf(choice.finish_reason) ?? [])
  return {
    output: single ? outputs[0] : outputs,
    attributes: {
      ...responseAttributes(response),
      ...(finishReasons.length > 0 && { [genAi.finishReasons]: finishReasons }),
    },
    finishReasons: finishReasons.map((reason) => (reason === 'tool_calls' ? 'tool_call' : reason)),
    handedOut,
    failure: undefined,
  }
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

function answerOf(message: unknown): Answer {
  const functionCall = member(message, 'function_call')
  const calls = objectsOf(member(message, 'tool_calls'))
  return {
    content: textOf(member(message, 'content')),
    refusal: textOf(member(message, 'refusal')),
    toolCalls: (isObject(functionCall) ? [{ function: functionCall }, ...calls] : calls).map(
      (call) => {
        const what = member(call, 'function') ?? member(call, 'custom')
        return {
          id: textOf(member(call, 'id')),
          name: textOf(member(what, 'name')),
          arguments: textOf(member(what, 'arguments') ?? member(what, 'input')) ?? '',
        }
      },
    ),
  }
}

/** The objects of a message that a caller may pass on. */
function partsOf(message: unknown, answer: Answer, base: string): HandedOut[] {
  const calls = member(message, 'tool_calls')
  return [
    { value: message, pointer: base },
    { value: member(message, 'parsed'), pointer: contentPointer(answer, base), whole: true },
    { value: calls, pointer: `${base}/tool_calls` },
    ...listOf(calls).flatMap((call, index) => {
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
