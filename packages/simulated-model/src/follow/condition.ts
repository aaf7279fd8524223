import { mentions } from '../words.ts'
import type { Condition, Demand, Instruction } from './instruction.ts'

/** How many of a condition's terms a text bears out; 0 where the condition does not hold. */
export function strength(condition: Condition, text: string): number {
  const found = condition.terms.filter((term) => mentions(text, term)).length
  const holds = condition.all ? found === condition.terms.length : found > 0
  if (condition.negated) return holds ? 0 : 1
  return holds ? found : 0
}

/** The demands that hold for this text: the unconditional ones and those whose condition it fulfils. */
export function demandsFor(instructions: readonly Instruction[], text: string): Demand[] {
  return instructions.flatMap((instruction) => {
    switch (instruction.kind) {
      case 'when':
        return strength(instruction.condition, text) > 0 ? [instruction.demand] : []
      case 'choices':
      case 'hint':
      case 'keys':
      case 'otherwise':
        return []
      default:
        return [instruction]
    }
  })
}
