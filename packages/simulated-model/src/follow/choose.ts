import { chance, pick } from '../chance.ts'
import { overlap, subjectWords } from '../words.ts'
import { strength } from './condition.ts'
import type { Instruction } from './instruction.ts'

/** How often a guess without a rule goes to a random choice instead of the likeliest. */
const errorRate = 0.3

export interface Choice {
  readonly answer: string
  /** 0.95 where a rule decided, less for a guess. */
  readonly confidence: number
}

/**
 * Decides between allowed answers. The conditional instruction with the most terms in the text decides, the
 * earlier of two equal ones; then `Otherwise …` or an unconditional answer; then a weak guess by shared words, wrong at a fixed rate.
 * `undefined` where there are no choices and no rule applies.
 */
export function choose(
  choices: readonly string[],
  instructions: readonly Instruction[],
  text: string,
  seed: number,
): Choice | undefined {
  const ruled = byRule(choices, instructions, text)
  if (ruled !== undefined) return { answer: ruled, confidence: 0.95 }
  return choices.length > 0 ? guess(choices, instructions, text, seed) : undefined
}

/** The answers that a prompt allows; none where it does not say. */
export function choicesIn(instructions: readonly Instruction[]): string[] {
  return instructions.flatMap((instruction) =>
    instruction.kind === 'choices' ? instruction.choices : [],
  )
}

function byRule(
  choices: readonly string[],
  instructions: readonly Instruction[],
  text: string,
): string | undefined {
  let best: string | undefined
  let most = 0
  let fallback: string | undefined
  for (const instruction of instructions) {
    const conditional = instruction.kind === 'when' || instruction.kind === 'otherwise'
    const demand = conditional ? instruction.demand : instruction
    if (demand.kind !== 'answer') continue
    const answer = allowed(choices, demand.text)
    if (answer === undefined) continue
    if (instruction.kind !== 'when') fallback ??= answer
    else if (strength(instruction.condition, text) > most) {
      most = strength(instruction.condition, text)
      best = answer
    }
  }
  return best ?? fallback
}

function allowed(choices: readonly string[], answer: string): string | undefined {
  if (choices.length === 0) return answer
  return choices.find((choice) => choice.toLowerCase() === answer.toLowerCase())
}

function guess(
  choices: readonly string[],
  instructions: readonly Instruction[],
  text: string,
  seed: number,
): Choice {
  const present = subjectWords(text)
  const hints = instructions.filter((instruction) => instruction.kind === 'hint')
  const scored = choices.map((choice) => {
    const described = hints.filter(({ label }) => label.toLowerCase() === choice.toLowerCase())
    const vocabulary = subjectWords([choice, ...described.map((hint) => hint.text)].join(' '))
    return { choice, score: overlap(present, vocabulary) }
  })
  const best = scored.reduce((left, right) => (right.score > left.score ? right : left))
  if (best.score > 0 && chance(seed, 'error', text) >= errorRate) {
    return { answer: best.choice, confidence: 0.6 }
  }
  return { answer: pick(choices, seed, 'guess', text) ?? best.choice, confidence: 0.4 }
}
