/** One run of an agent: it asks a model, which calls a tool, and asks again with the tool's answer. */
export const agent = 'support-agent'
export const system = 'You answer customers. Be brief.'
export const question = 'Where is my parcel 4711?'
export const tool = { name: 'look_up', description: 'Finds a parcel by its number.' }
export const schema = { type: 'object', properties: { parcel: { type: 'string' } } }
export const call = { id: 'call_1', name: tool.name, arguments: { parcel: '4711' } }
export const result = { status: 'in transit', city: 'Lyon' }
export const reply = 'Your parcel is in Lyon.'
export const model = 'small-model'

export const functionTool = { type: 'function', function: { ...tool, parameters: schema } }
export const openAiCall = {
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
}
export const asked = [
  { role: 'system', content: system },
  { role: 'user', content: question },
]
export const called = { role: 'assistant', content: null, tool_calls: [openAiCall] }
export const heard = { role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) }
export const said = { role: 'assistant', content: reply }
/** The two model calls, as OpenAI's API has them. */
export const first = { messages: asked, answer: called, tools: true }
export const second = { messages: [...asked, called, heard], answer: said, tools: true }
/** The call of an agent that has no tools. */
export const only = { messages: asked, answer: said, tools: false }
export type Exchange = typeof first | typeof second | typeof only
export type ChatMessage = Exchange['messages'][number] | Exchange['answer']
