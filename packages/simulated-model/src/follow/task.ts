import type { Instruction } from './instruction.ts'

/** What a task request says: its instructions and the text they are to be applied to. */
export interface Task {
  readonly instructions: readonly Instruction[]
  readonly data: string
  readonly seed: number
}
