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

/** Name of a section of an optimizer's prompt: one of its headings, such as `Feedback`. */
export type Section = (typeof SECTIONS)[number]
