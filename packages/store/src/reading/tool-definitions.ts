import { memberOf, structured, textOf } from './json.ts'

/** A tool as a request defines it. */
export interface DefinedTool {
  readonly name: string
  /** Empty where there is none. */
  readonly description: string
  /** Schema of the arguments, as it was written. */
  readonly parameters: unknown
}

/** Members under which Gemini and Haystack's sets have a list of tools in an item of the list. */
const lists = ['function_declarations', 'functionDeclarations', 'tools'] as const

/** The tools in a list of definitions, in any of the known shapes; those without a name are left out. */
export function toolsIn(listed: unknown): readonly DefinedTool[] {
  const list = structured(listed)
  if (!Array.isArray(list)) return isSet(list) ? toolsIn([list]) : []
  return list.flatMap((written) => {
    const item = structured(written)
    const packed = memberOf(item, 'tool', 'data') ?? item
    const holder = structured(memberOf(packed, 'json_schema') ?? packed)
    const declared = memberOf(holder, ...lists)
    if (Array.isArray(declared)) return toolsIn(declared)
    const tool = memberOf(holder, 'function', 'toolSpec') ?? holder
    const name = textOf(memberOf(tool, 'name'))
    if (name === undefined) return []
    const description = textOf(memberOf(tool, 'description')) ?? ''
    const parameters = structured(
      memberOf(tool, 'parameters', 'inputSchema', 'input_schema', 'parameters_json_schema'),
    )
    return [{ name, description, parameters: memberOf(parameters, 'json') ?? parameters }]
  })
}

/** A set of tools of Haystack stands where others have a list. */
function isSet(value: unknown): boolean {
  return Array.isArray(memberOf(memberOf(value, 'data'), 'tools'))
}
