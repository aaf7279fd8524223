import { maskQuotes, quoted } from '../quotes.ts'
import type { Demand } from './instruction.ts'

const numbers = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** Reads one clause such as `answer "refund"`, `include the order number` or `use at most 40 words`. */
export function parseDemand(clause: string): Demand | undefined {
  for (const read of readers) {
    const demand = read(clause.trim().replace(/[.!,;]+$/, ''))
    if (demand) return demand
  }
  return undefined
}

const readers: readonly ((clause: string) => Demand | undefined)[] = [
  (clause) => {
    const limit =
      /\b(?:at most|no more than|max(?:imum)?(?: of)?|within|under|fewer than|up to)\s+(\w+)\s+(word|sentence)s?\b/i.exec(
        clause,
      ) ?? /\b(?:in|use|exactly)\s+(\w+)\s+(sentence)s?\b/i.exec(clause)
    if (!limit?.[1] || !limit[2]) return undefined
    const count = /^\d+$/.test(limit[1])
      ? Number(limit[1])
      : numbers.indexOf(limit[1].toLowerCase())
    if (count < 1) return undefined
    return { kind: 'limit', count, unit: /word/i.test(limit[2]) ? 'words' : 'sentences' }
  },
  (clause) => {
    const edge = /\b(start|begin|open|end|close|finish|sign off)s?\b[^_]*\bwith\b/i.exec(
      maskQuotes(clause),
    )
    const text = quoted(clause)[0]
    if (!edge?.[1] || !text) return undefined
    return { kind: /^(?:start|begin|open)/i.test(edge[1]) ? 'start' : 'end', text }
  },
  (clause) => {
    const text = quoted(clause)[0]
    const avoids = /\b(?:never|do not|don't|avoid|without)\b/i.test(maskQuotes(clause))
    return avoids && text ? { kind: 'avoid', text } : undefined
  },
  (clause) => {
    const tool = /\b(?:call|use|invoke)\b.*\btool\b/i.test(clause) && quoted(clause)[0]
    return tool ? { kind: 'tool', name: tool } : undefined
  },
  (clause) => {
    const text = quoted(clause)[0]
    const says = /\b(?:include|say|mention|add|contain|write)\b/i.test(maskQuotes(clause))
    return says && text ? { kind: 'say', text } : undefined
  },
  (clause) => {
    const answers =
      /^(?:always\s+)?(?:answer|reply|respond|classify|label|choose|return|output|pick|the (?:answer|category|label|class)|it)\b/i
    if (!answers.test(clause)) return undefined
    const bare = /\b(?:as|with|is|be|answer|return|choose|pick)\s+([\w-]+)$/i.exec(clause)?.[1]
    const text = quoted(clause)[0] ?? bare
    return text ? { kind: 'answer', text } : undefined
  },
  (clause) => {
    const greet = /\b(?:greet|address)\b\s+(?:the\s+)?(.+)/i.exec(clause)
    return greet?.[1] ? { kind: 'greet', name: greet[1] } : undefined
  },
  (clause) => {
    if (/\b(?:never|do not|don't|avoid)\b/i.test(clause)) return undefined
    const field =
      /\b(?:include|mention|state|quote|repeat|give|name|contain|add)s?\s+(?:the|their|its|a|an)\s+(.+)/i.exec(
        clause,
      )
    return field?.[1] ? { kind: 'field', name: field[1] } : undefined
  },
  (clause) => {
    if (/\b(?:concise|brief|short)\b/i.test(clause)) return { kind: 'style', style: 'concise' }
    if (/\b(?:polite|professional|friendly|formal|courteous)\b/i.test(clause)) {
      return { kind: 'style', style: 'polite' }
    }
    return undefined
  },
]
