import { dataMember, descriptorOf, keysOf } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'
import { cut } from './cut.ts'

const mostIssues = 16
const mostFields = 8
const longest = 400
const known = new Set(['name', 'message', 'stack', 'cause', 'errors'])

/** The message of an error, its own or inherited. Behind a getter only the program's code knows it: then what it is made of. */
export function messageOf(error: object): string {
  const member = descriptorOf(error, 'message')
  if (!member) return ''
  if (member.get || member.set) return issuesIn(error) ?? fieldsOf(error)
  const { value } = member
  return typeof value === 'string' ? value : isPlain(value) ? String(value) : fieldsOf(error)
}

/** The first members of a list, read without its methods. */
export function firstMembers(list: unknown, count: number): unknown[] {
  if (!Array.isArray(list) || types.isProxy(list)) return []
  const length = Math.min(count, list.length)
  return Array.from({ length }, (_, index) => dataMember(list, index))
}

/** What a validation found wrong, as zod and other Standard Schemas say it. */
function issuesIn(error: object): string | undefined {
  const texts = firstMembers(dataMember(error, 'issues'), mostIssues).flatMap(issueText)
  return texts.length > 0 ? texts.join('; ') : undefined
}

function issueText(issue: unknown): string[] {
  if (typeof issue === 'string') return [brief(issue)]
  if (typeof issue !== 'object' || issue === null || types.isProxy(issue)) return []
  const message = dataMember(issue, 'message')
  const path = firstMembers(dataMember(issue, 'path'), mostIssues).filter(isPlain).map(String)
  if (typeof message !== 'string') return []
  return [brief(path.length > 0 ? `${message} (${path.join('.')})` : message)]
}

function fieldsOf(error: object): string {
  return (keysOf(error) ?? [])
    .filter((key) => !known.has(key) && isPlain(dataMember(error, key)))
    .slice(0, mostFields)
    .map((key) => brief(`${key}: ${String(dataMember(error, key))}`))
    .join(', ')
}

function isPlain(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}

function brief(text: string): string {
  return text.length > longest ? cut(text, longest) : text
}
