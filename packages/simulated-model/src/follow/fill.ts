import { chance } from '../chance.ts'
import { isObject, type JsonObject } from '../json.ts'
import { choicesIn, choose } from './choose.ts'
import { findField, spaced } from './fields.ts'
import type { Task } from './task.ts'
import { write } from './write.ts'

/** A value that fits a JSON schema, with the decisions in it made as in a plain answer. */
export function fill(schema: JsonObject, task: Task, name = ''): unknown {
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return fillEnum(schema.enum, task)
  const alternative = [schema.anyOf, schema.oneOf].find(Array.isArray)?.find(isObject)
  if (alternative) return fill(alternative, task, name)
  const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'object':
      return fillObject(schema, task)
    case 'array':
      return isObject(schema.items) ? [fill(schema.items, task, name)] : []
    case 'boolean':
      return decide(['true', 'false'], task)?.answer === 'true'
    case 'number':
    case 'integer':
      return fillNumber(schema, task, name)
    case 'null':
      return null
    default:
      return fillString(task, name)
  }
}

function fillObject(schema: JsonObject, task: Task): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [
      key,
      fill(isObject(property) ? property : {}, task, key),
    ]),
  )
}

function fillEnum(values: readonly unknown[], task: Task): unknown {
  const chosen = decide(values.map(String), task)
  return values.find((value) => String(value) === chosen?.answer) ?? values[0]
}

function fillNumber(schema: JsonObject, task: Task, name: string): number {
  const minimum = typeof schema.minimum === 'number' ? schema.minimum : 0
  const maximum = typeof schema.maximum === 'number' ? schema.maximum : minimum + 1
  const found = Number(findField(task.data, spaced(name))?.value)
  const isCertainty = /confidence|certainty|probability/i.test(name)
  const share = isCertainty
    ? (choose(choicesIn(task.instructions), task.instructions, task.data, task.seed)?.confidence ??
      0.5)
    : chance(task.seed, 'number', name, task.data)
  const value = Number.isFinite(found) ? found : minimum + share * (maximum - minimum)
  const within = Math.min(Math.max(value, minimum), maximum)
  return schema.type === 'integer' ? Math.round(within) : Math.round(within * 100) / 100
}

function fillString(task: Task, name: string): string {
  if (/^(?:reason|reasoning|explanation|rationale)$/i.test(name)) {
    return 'Simulated: decided by the explicit rules of the prompt, or guessed where none applied.'
  }
  if (/^(?:answer|label|category|class|result|output)$/i.test(name)) {
    const chosen = decide(choicesIn(task.instructions), task)
    if (chosen) return chosen.answer
  }
  return findField(task.data, spaced(name))?.value ?? write(task.instructions, task.data, task.seed)
}

function decide(choices: readonly string[], task: Task) {
  return choose(choices, task.instructions, task.data, task.seed)
}
