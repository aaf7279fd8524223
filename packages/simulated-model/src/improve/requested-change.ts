import { parseDemand } from '../follow/demand.ts'
import { quoted, statements } from '../quotes.ts'
import { mentions } from '../words.ts'
import type { Example, Remark } from './prompt.ts'

/** The change that a reviewer's words ask for, as far as the simulation understands them. */
export interface RequestedChange {
  readonly remark: Remark
  /** What went into the run, as far as the prompt shows it. */
  readonly input: string
  /** The value the remark is about. */
  readonly output: string
  /** What the answer should have been. */
  readonly expected: string | undefined
  /** Quoted phrases that the run's input mentions: the reviewer's grounds. */
  readonly cues: readonly string[]
  /** Instructions, in the imperative. */
  readonly demands: readonly string[]
  /** Which way a number should go. */
  readonly direction: -1 | 0 | 1
  /** How far, as the words have it: `far too low`, `too low`, `a little too low`. */
  readonly distance: 'far' | 'some' | 'little'
  /** Plain numbers in the words, in order. */
  readonly numbers: readonly number[]
  readonly styles: ReadonlySet<'concise' | 'professional'>
}

/** Reads one remark. */
export function readRequestedChange(remark: Remark, example: Example | undefined): RequestedChange {
  const { words } = remark
  const input = example?.input ?? ''
  const output =
    example?.outputs.get(remark.on) ?? [...(example?.outputs.values() ?? [])].join('\n')
  const expected = expectedAnswer(words)
  const cues = quoted(words).filter(
    (phrase) => phrase !== expected && phrase !== output && mentions(input, phrase),
  )
  return {
    remark,
    input,
    output,
    expected,
    cues,
    demands: statements(words).flatMap((statement) => demandsIn(statement, output)),
    direction: directionOf(words),
    distance: distanceOf(words),
    numbers: (words.match(/(?<![\w.-])-?\d+(?:\.\d+)?(?![\w])/g) ?? []).map(Number),
    styles: stylesIn(words),
  }
}

function expectedAnswer(words: string): string | undefined {
  const named =
    /\b(?:should|must|ought to)\s+(?:have been|be|have said|say|answer|return)\s+["“'`]([^"”'`\n]+)["”'`]/i.exec(
      words,
    ) ??
    /\b(?:expected|correct|right)\b[^."“'`]*["“'`]([^"”'`\n]+)["”'`]/i.exec(words) ??
    /["“'`]([^"”'`\n]+)["”'`]\s+(?:is|would have been|was)\s+(?:correct|right|expected)/i.exec(
      words,
    ) ??
    /\b(?:should|must)\s+(?:have been|be)\s+(?!at\b|more\b|less\b|a\b|an\b|the\b|in\b)([\w-]+)/i.exec(
      words,
    )
  return named?.[1]
}

const rising = /\btoo (?:low|small|strict|cautious)\b|\b(?:raise|increase|higher|larger|bigger)\b/gi
const falling =
  /\btoo (?:high|large|big|loose|generous)\b|\b(?:lower|decrease|reduce|smaller)\b(?! bound)/gi

function directionOf(words: string): -1 | 0 | 1 {
  const balance = (words.match(rising)?.length ?? 0) - (words.match(falling)?.length ?? 0)
  return balance > 0 ? 1 : balance < 0 ? -1 : 0
}

function distanceOf(words: string): RequestedChange['distance'] {
  if (/\b(?:far|much|way|very|extremely)\b/i.test(words)) return 'far'
  return /\b(?:a (?:little|bit)|slightly|somewhat|a touch)\b/i.test(words) ? 'little' : 'some'
}

function stylesIn(words: string): Set<'concise' | 'professional'> {
  const styles = new Set<'concise' | 'professional'>()
  if (/\b(?:concise|shorter|brief|terse|too long|wordy|verbose)\b/i.test(words))
    styles.add('concise')
  if (/\b(?:professional|formal|polite|courteous|businesslike)\b/i.test(words)) {
    styles.add('professional')
  }
  return styles
}

/** Turns "The reply must include X" or "It does not mention X" into "Include X." or "Mention X." */
function demandsIn(statement: string, output: string): string[] {
  const clause = imperative(statement)
  if (clause !== undefined) return parseDemand(clause) ? [sentence(clause)] : []
  if (!/\btoo long\b/i.test(statement) || output === '') return []
  const present = output.split(/\s+/).length
  return [`Use at most ${Math.max(5, Math.round(present * 0.7))} words.`]
}

/** What a statement asks for, as an order: "It must mention x" → "mention x". */
export function imperative(statement: string): string | undefined {
  const missing =
    /\b(?:does not|doesn't|did not|didn't|fails to|failed to|forgot to|forgets to)\s+(.+)$/i.exec(
      statement,
    )?.[1] ??
    /\b(?:lacks|is missing|misses|missing)\s*:?\s+(.+)$/i
      .exec(statement)?.[1]
      ?.replace(/^/, 'include ')
  if (missing !== undefined) return missing
  const modal =
    /\b(?:should|must|needs? to|has to|have to|ought to)\s+(not\s+|never\s+)?(.+)$/i.exec(statement)
  if (modal?.[2]) return modal[1] ? `never ${modal[2]}` : modal[2].replace(/^always\s+/i, '')
  const plain = /^(?:please\s+|always\s+)?(\S.*)$/i.exec(statement)?.[1]
  const verbs =
    /^(?:use|include|mention|state|start|begin|end|close|sign|greet|address|never|do not|don't|avoid|be|quote|answer|keep|make it|write|say)\b/i
  return plain && verbs.test(plain) ? plain : undefined
}

function sentence(clause: string): string {
  const text = clause.trim().replace(/[.!;,]*$/, '.')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
