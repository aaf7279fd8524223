import type { Json } from '@trace2/core'
import type { GraphEdge, ModelRequest, ParameterNode } from '@trace2/store'

/** A parameter that a recorded call used, and the role in which it did. */
export interface UsedParameter {
  readonly role: string
  readonly name: string
  readonly value: Json
}

export function parametersOf(
  edges: readonly GraphEdge[],
  nodes: ReadonlyMap<string, ParameterNode>,
  call: string,
): readonly UsedParameter[] {
  return edges.flatMap(({ from, to, role }) => {
    const node = to === call ? nodes.get(from) : undefined
    return node ? [{ role, name: node.name, value: node.value }] : []
  })
}

/** A request with other values of parameters, or why that cannot be made. */
export type Substituted = { readonly request: ModelRequest } | { readonly fault: string }

/**
 * Puts another value of a parameter in the place of the one that the recorded call had: the description of a tool, a template
 * that was filled with variables, or a text that stands in the messages as it is.
 */
export function substitute(
  request: ModelRequest,
  { role, name, value }: UsedParameter,
  next: Json,
  variables: Json | undefined,
): Substituted {
  if (JSON.stringify(value) === JSON.stringify(next)) return { request }
  if (typeof value !== 'string' || typeof next !== 'string') {
    return { fault: `The value of ${name} is no text: how the recorded call used it is not known.` }
  }
  const tool = role.startsWith('tool.') ? role.slice('tool.'.length) : undefined
  if (tool !== undefined && request.tools.some((one) => one.name === tool)) {
    const tools = request.tools.map((one) =>
      one.name === tool ? { ...one, description: next } : one,
    )
    return { request: { ...request, tools } }
  }
  const filled = variables === undefined ? undefined : fill(value, variables)
  const before = filled !== undefined && occurs(request, filled) ? filled : value
  const after = before === filled && variables !== undefined ? fill(next, variables) : next
  if (before.trim() === '' || !occurs(request, before)) {
    return { fault: `The text of ${name} is not in the recorded messages as it is.` }
  }
  const messages = request.messages.map((message) => ({
    ...message,
    content: replaced(message.content, before, after),
  }))
  return { request: { ...request, messages } }
}

/** A template with its placeholders (`{x}`, `{{x}}`, `${x}`, `<x>`) filled in. */
export function fill(template: string, variables: Json): string {
  if (typeof variables !== 'object' || variables === null || Array.isArray(variables)) {
    return template
  }
  const values = new Map(Object.entries(variables))
  return template.replace(
    /\{\{\s*([\w.-]+)\s*\}\}|\$?\{\s*([\w.-]+)\s*\}|<([\w.-]+)>/g,
    (all, ...names: (string | undefined)[]) => {
      const name = names.slice(0, 3).find((one) => one !== undefined)
      const value = name === undefined ? undefined : values.get(name)
      if (value === undefined) return all
      return typeof value === 'string' ? value : JSON.stringify(value)
    },
  )
}

function occurs({ messages }: ModelRequest, text: string): boolean {
  return messages.some(({ content }) => textsIn(content).some((one) => one.includes(text)))
}

function textsIn(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content]
  if (!Array.isArray(content)) return []
  return content.flatMap((part) => {
    const text = textOfPart(part)
    return text === undefined ? [] : [text]
  })
}

function replaced(content: unknown, before: string, after: string): unknown {
  if (typeof content === 'string') return content.split(before).join(after)
  if (!Array.isArray(content)) return content
  return content.map((part: unknown) => {
    const text = textOfPart(part)
    if (text === undefined) return part
    const { key } = textKey(part)
    return { ...(part as object), [key]: text.split(before).join(after) }
  })
}

function textOfPart(part: unknown): string | undefined {
  return textKey(part).text
}

function textKey(part: unknown): { readonly key: string; readonly text: string | undefined } {
  if (typeof part !== 'object' || part === null) return { key: '', text: undefined }
  for (const key of ['content', 'text']) {
    const text: unknown = Reflect.get(part, key)
    if (typeof text === 'string') return { key, text }
  }
  return { key: '', text: undefined }
}
