import type { Attributes } from '../otlp/index.ts'
import type { Dialect } from './dialects/index.ts'
import { keysAmong, valueAt } from './fields.ts'
import { memberOf, structured } from './json.ts'
import { type DefinedTool, toolsIn } from './tool-definitions.ts'

/** The tools that a model may call: those under the first key that has any, or else those of the request that its input is. */
export function definedTools(
  attributes: Attributes,
  dialect: Dialect | undefined,
): readonly DefinedTool[] {
  for (const key of keysAmong(attributes, dialect, 'tools')) {
    const found = toolsIn(valueAt(attributes, key))
    if (found.length > 0) return found
  }
  for (const key of keysAmong(attributes, dialect, 'input')) {
    const written = attributes.get(key)
    // Most inputs have no tools, and need not be parsed again to see it.
    if (typeof written !== 'string' || !/"tool(?:s|Config|_config)"/.test(written)) continue
    const found = toolsOfRequest(structured(written))
    if (found.length > 0) return found
  }
  return []
}

/** Members of a request in which some have its settings: Bedrock's, Gemini's, LangChain's, and the arguments of a Python function. */
const holders = [
  ...['toolConfig', 'tool_config', 'config', 'kwargs', 'invocation_params', 'request', 'body'],
] as const

function toolsOfRequest(request: unknown): readonly DefinedTool[] {
  const held = [request, ...holders.map((name) => structured(memberOf(request, name)))]
  for (const holder of held) {
    const found = toolsIn(memberOf(holder, 'tools'))
    if (found.length > 0) return found
  }
  return []
}
