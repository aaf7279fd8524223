/** Sections of an optimizer's prompt, in order; `Attempts` only where there are any. */
export const SECTIONS = [
  'Instruction',
  'Code',
  'Documentation',
  'Variables',
  'Attempts',
  'Inputs',
  'Others',
  'Outputs',
  'Feedback',
] as const

export type Section = (typeof SECTIONS)[number]
