import { expect, it } from 'vitest'
import { readSpan } from '../testing/read-span.ts'

const tool = { name: 'find_parcel', description: 'Finds a parcel.' }
const read = ['tool.find_parcel.description', tool.description]
const messages = [{ role: 'user', content: 'Where is parcel P-77?' }]
const llm = { 'openinference.span.kind': 'LLM' }

it.each<[string, unknown]>([
  ['OpenAI', { messages, tools: [{ type: 'function', function: tool }] }],
  ['Anthropic', { messages, tools: [{ ...tool, input_schema: {} }] }],
  ['Bedrock', { messages, toolConfig: { tools: [{ toolSpec: tool }] } }],
  ['Gemini', { contents: 'Hi', config: { tools: [{ function_declarations: [tool] }] } }],
  ['a function of Python', { args: [], kwargs: { messages, tools: [tool] } }],
])('tools are read out of a request of %s', (_, request) => {
  expect(readSpan({ ...llm, 'input.value': request }).parameters).toContainEqual(read)
  expect(
    readSpan({ 'mlflow.spanType': '"LLM"', 'mlflow.spanInputs': request }).parameters,
  ).toContainEqual(read)
})

it('tools are read where one definition holds several', () => {
  const schema = JSON.stringify({ function_declarations: [tool] })
  const { parameters } = readSpan({ ...llm, 'llm.tools.0.tool.json_schema': schema })
  expect(parameters).toEqual([read])
})

it('tools that a request is asked about are none that it may call', () => {
  const asked = { messages: [{ role: 'user', content: '{"tools": [{"name": "saw"}]}' }] }
  expect(readSpan({ ...llm, 'input.value': asked }).parameters).toEqual([])
})
