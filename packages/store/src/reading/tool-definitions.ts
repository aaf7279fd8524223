import { memberOf, structured, textOf } from './json.ts'

/** A tool as a request defines it. */
export interface DefinedTool {
  readonly name: string
  /** Empty where there is none. */
  readonly description: string
  /** Schema of the arguments, as it was written. */
  readonly parameters: unknown
}

/** Members under which Gemini has a list of tools in an item of the list. */
const lists = ['function_declarations', 'functionDeclarations'] as const

/** The tools in a list of definitions, in any of the known shapes; those without a name are left out. */
export function toolsIn(listed: unknown): readonly DefinedTool[] {
  const list = structured(listed)
  if (!Array.isArray(list)) return []
  return list.flatMap((written) => {
    const item = structured(written)
    const declared = memberOf(item, ...lists)
    if (Array.isArray(declared)) return toolsIn(declared)
    const packed = memberOf(item, 'tool') ?? item
    const holder = structured(memberOf(packed, 'json_schema') ?? packed)
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
