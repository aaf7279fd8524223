import { maskQuotes, matchAroundQuotes, quoted, statements } from '../quotes.ts'
import { words } from '../words.ts'
import { parseDemand } from './demand.ts'
import type { Condition, Instruction } from './instruction.ts'

/** Reads the explicit instructions of a prompt, in order. A statement that matches no pattern is passed over. */
export function parseInstructions(text: string): Instruction[] {
  return statements(text).flatMap(parseStatement)
}

const choicesPattern =
  /\b(?:one of|either|options are|categories are|labels are)\b[^:]*?:?\s+(.+)$/di

/** The instructions in one statement; none where it is plain text. */
export function parseStatement(statement: string): Instruction[] {
  const conditional = parseConditional(statement)
  if (conditional) return [conditional]
  const [choices] = matchAroundQuotes(choicesPattern, statement) ?? []
  if (choices && /[,|/]|\bor\b/.test(choices)) return [{ kind: 'choices', choices: list(choices) }]
  const keys = /\bjson\b.*\b(?:keys?|fields?|properties)\b/i.test(maskQuotes(statement))
    ? quoted(statement)
    : []
  if (keys.length > 0) return [{ kind: 'keys', keys }]
  const hint = /^["“`']?([\w -]{2,30}?)["”`']?\s*(?::|–|—|=)\s+(.{3,})$/.exec(statement)
  if (hint?.[1] && hint[2]) return [{ kind: 'hint', label: hint[1], text: hint[2] }]
  // One statement may ask for several things: "Greet the customer by name and include the order number."
  const asked = splitAround(statement, /,?\s+and\s+|;\s+/g).map(parseDemand)
  // "Reply with care" names no answer; without a condition only a quoted one counts.
  const named = quoted(statement).length > 0
  return asked
    .filter((demand) => demand !== undefined)
    .filter((demand) => named || demand.kind !== 'answer')
}

const action =
  '(?:always\\s+)?(?:answer|reply|respond|classify|label|choose|pick|return|output|say|include|start|begin|end|' +
  'write|add|mention|call|use|never|do not|the (?:answer|category|label|class) (?:is|should be)|it is)\\b'
const ifThen = new RegExp(
  `^(?:if|when|for|where)\\s+(.+?)(?:,\\s*(?:then\\s+)?|\\s+then\\s+|:\\s*)(${action}.*)$`,
  'di',
)
const thenIf = new RegExp(`^(${action}.*?)\\s+(?:if|when|for)\\s+(.+)$`, 'di')
const otherwise =
  /^(?:otherwise|else|in all other cases|if (?:nothing|none|no rule)[^,]*|if (?:unsure|in doubt))[,:]?\s+(.+)$/di

function parseConditional(statement: string): Instruction | undefined {
  const [rest] = matchAroundQuotes(otherwise, statement) ?? []
  if (rest !== undefined) {
    const demand = parseDemand(rest)
    return demand && { kind: 'otherwise', demand }
  }
  const [head, tail] =
    matchAroundQuotes(ifThen, statement) ?? matchAroundQuotes(thenIf, statement)?.reverse() ?? []
  if (head === undefined || tail === undefined) return undefined
  const condition = parseCondition(head)
  const demand = parseDemand(tail)
  return condition && demand && { kind: 'when', condition, demand }
}

/** Reads what follows "if": `the text mentions "a" or "b"`. */
export function parseCondition(text: string): Condition | undefined {
  const masked = maskQuotes(text)
  const negated = /\b(?:not|doesn't|never|no)\b/i.test(masked)
  const all = /\band\b/i.test(masked) && !/\bor\b/i.test(masked)
  const named = quoted(text)
  if (named.length > 0) return { terms: named, all, negated }
  const about =
    /\b(?:mentions?|contains?|says?|includes?|asks? (?:about|for)|(?:talks?|is|are) about|about|wants?|reports?|uses?)\s+(.+)$/i.exec(
      text,
    )
  const terms = about?.[1] ? list(about[1]).filter((term) => words(term).length > 0) : []
  return terms.length > 0 ? { terms, all, negated } : undefined
}

/** `"a", b or the c` → a, b, c. */
function list(text: string): string[] {
  const named = quoted(text)
  if (named.length > 1) return named
  return text
    .replace(/[.!?]+$/, '')
    .split(/\s*[,|/]\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+/i)
    .map((item) =>
      item
        .replace(/^(?:an?|the)\s+/i, '')
        .replace(/^["'“`]|["'”`]$/g, '')
        .trim(),
    )
    .filter((item) => item !== '')
}

function splitAround(statement: string, separator: RegExp): string[] {
  const parts: string[] = []
  let start = 0
  for (const match of maskQuotes(statement).matchAll(separator)) {
    parts.push(statement.slice(start, match.index))
    start = match.index + match[0].length
  }
  return [...parts, statement.slice(start)]
}
