import { describe, expect, it } from 'vitest'
import { toolAnswer, toolInput } from './tool-values.ts'

const found = { parcel: 'P-77', place: 'Lyon' }
const json = JSON.stringify(found)
const callId = 'call_77aa'
const message = { content: json, name: 'find_parcel', tool_call_id: callId }

describe('what a tool answered', () => {
  it.each<[string, unknown]>([
    ['a list of one message', [{ type: 'tool', ...message }]],
    ['the messages of an update of a graph', { messages: [{ type: 'tool', data: message }] }],
    [
      'such an update with more of the state',
      { messages: [{ role: 'tool', ...message }], place: 'Lyon' },
    ],
    ['a result of Bedrock', { status: 'success', toolUseId: callId, content: [{ text: json }] }],
    [
      'a result of Bedrock with JSON',
      { toolResult: { toolUseId: callId, content: [{ json: found }] } },
    ],
    [
      'a result of Anthropic',
      { type: 'tool_result', tool_use_id: callId, content: [{ type: 'text', text: json }] },
    ],
  ])('is in %s, with the id of the call', (_, output) => {
    expect(toolAnswer(output)).toMatchObject({ value: found, callId })
  })

  it.each<[string, unknown]>([
    [
      'the text beside an object that was printed',
      { content: json, tool_name: 'find_parcel', raw_input: {}, raw_output: "Place(name='Lyon')" },
    ],
    [
      'what was returned beside its text',
      { content: 'In Lyon.', tool_name: 'find_parcel', raw_input: {}, raw_output: found },
    ],
    ['a part of Semantic Kernel', { $type: 'text', text: json }],
    ['a list of parts', [{ type: 'text', text: json }]],
  ])('is %s', (_, output) => {
    expect(toolAnswer(output)).toEqual({ value: found, callId: undefined })
  })

  it.each<[string, unknown]>([
    ['a status and a content of its own', { status: 'late', content: ['a', 'b'] }],
    ['an object with a text', { type: 'text', text: 'Hi.', language: 'en' }],
    [
      'a conversation with several answers',
      { messages: [message, message].map((one) => ({ type: 'tool', ...one })) },
    ],
  ])('is left as it is where it is %s', (_, output) => {
    expect(toolAnswer(output)).toEqual({ value: output, callId: undefined })
  })

  it('is several answers where it called several tools', () => {
    const other = { type: 'tool', content: 'Lost.', tool_call_id: 'call_2' }
    expect(toolAnswer([{ type: 'tool', ...message }, other]).value).toEqual([found, 'Lost.'])
  })
})

describe('what a tool was called with', () => {
  const given = { parcel: 'P-77' }

  it.each<[string, unknown, string | undefined]>([
    ['a call of LangChain', { name: 'x', args: given, id: callId, type: 'tool_call' }, callId],
    ['a call with the name of the tool', { name: 'find_parcel', arguments: given }, undefined],
    [
      'such a call with its arguments as JSON',
      { id: callId, function: { name: 'find_parcel', arguments: JSON.stringify(given) } },
      callId,
    ],
    [
      'a call of CrewAI',
      {
        calling: { tool_name: 'find_parcel', arguments: given, id: null },
        ...{ tool_string: 'find_parcel({...})', tool: 'CrewStructuredTool()' },
      },
      undefined,
    ],
    [
      'such a call that Python has printed',
      {
        calling: "{'tool_name': 'find_parcel', 'arguments': {'parcel': 'P-77'}}",
        tool_string: '…',
      },
      undefined,
    ],
  ])('is in %s', (_, input, id) => {
    expect(toolInput(input, 'find_parcel')).toEqual({ value: given, callId: id })
  })

  it('is a name and arguments where the tool calls others', () => {
    const input = { name: 'find_parcel', arguments: given }
    expect(toolInput(input, 'run_tool')).toEqual({ value: input })
  })
})
