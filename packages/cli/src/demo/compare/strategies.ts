import { candidates, merge, opro, optoPrime, type Strategy, textGrad } from '@trace2/optimizer'

/** Every optimizer, and ways in which candidates can differ. */
export const allStrategies: Readonly<Record<string, Strategy>> = {
  optoprime: optoPrime(),
  'optoprime, answer in elements': optoPrime({ answer: 'elements' }),
  opro: opro(),
  'textgrad, 4 runs': textGrad(),
  'candidates by temperature': candidates(optoPrime()),
  'candidates, each refines': candidates(optoPrime(), { variation: { kind: 'refine' } }),
  'candidates of experts': candidates(optoPrime(), {
    variation: { kind: 'experts', experts: ['clerk', 'editor', 'lawyer'] },
  }),
  'merge, 8 runs a part': merge(optoPrime(), { runsPerPart: 8 }),
}
