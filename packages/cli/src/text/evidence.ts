import type { Amount, ChosenVariable, Progress, StepResult } from '@trace2/optimizer'
import type { LeftOut, ProposalBase } from '@trace2/store'
import { counted, shortVersion } from './values.ts'

/** How many names a line lists before it only counts. */
const listedNames = 12

/** What is worth knowing before a model is asked. Not yet printable, as all of this file. */
export function noticeOf(event: Progress): readonly string[] {
  switch (event.kind) {
    case 'variables':
      return [...baseLines(event.variables), ...notAskedLines(event.leftOut)]
    case 'prompt':
      return roomLines(event.shown, event.of)
    default:
      return []
  }
}

/** What a prompt has no room for, and what helps. */
export function roomLines(shown: Amount, of: Amount): readonly string[] {
  if (shown.runs >= of.runs && shown.feedback >= of.feedback) return []
  const pieces = `${shown.feedback.toLocaleString('en-US')} of ${counted(of.feedback, 'piece')} of feedback`
  const runs = `${shown.runs.toLocaleString('en-US')} of ${counted(of.runs, 'run')}`
  return [
    `The prompt has room for ${pieces}, on ${runs}: a change rests on these alone. Give it more with --max-tokens, or choose fewer with --sample or --limit.`,
  ]
}

/**
 * Which of several values in force a change starts from, and which entries of the parameters file are not in force;
 * nothing is said where there is only one value, as usual.
 */
export function baseLines(variables: readonly ChosenVariable[]): readonly string[] {
  return variables.flatMap((variable) => {
    const others = variable.base.arms.filter(({ version }) => version !== variable.version)
    const { name, passedOver } = variable
    if (passedOver) {
      return [
        `Agents pass over the entry ${JSON.stringify(name)} of ${passedOver.file} (T2_PARAMETERS_ENTRY): ${passedOver.why.replace(/\.$/, '')}. Correct or delete it; an accepted value replaces it. Base of ${name}: ${shortVersion(variable.version)}, ${baseText(variable.base, variable.version)}.`,
      ]
    }
    if (others.length === 0) return []
    const rest = others
      .slice(0, listedNames)
      .map(({ version, share }) => `${shortVersion(version)} (${percent(share)})`)
    return [
      `Base of ${variable.name}: ${shortVersion(variable.version)}, ${baseText(variable.base, variable.version)}. Also in force: ${rest.join(', ')}; --base chooses.`,
    ]
  })
}

/** Where a base comes from, as `the parameters file, a variant of 90 %`. */
export function baseText({ source, arms, runs }: ProposalBase, version: string): string {
  const share = arms.find((arm) => arm.version === version)?.share ?? 1
  switch (source) {
    case 'file':
      return arms.length > 1
        ? `a variant of ${percent(share)} in the parameters file`
        : 'as the parameters file has it'
    case 'deployment':
      return 'as it was accepted last'
    case 'program':
      return 'as the program has it'
    case 'traffic':
      return runs === 0
        ? 'as it was declared'
        : `in ${Math.round(share * runs)} of the last ${counted(runs, 'run')} that used it`
  }
}

/** Parameters that no room was left for. */
export function notAskedLines(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const others =
    names.length === 1
      ? 'Feedback reaches one more parameter'
      : `Feedback reaches ${counted(names.length, 'more parameter')}`
  return [
    `${others} than the prompt has room for: ${namesText(names)}. Name those that matter with --parameter, or give more room with --max-tokens.`,
  ]
}

/** Names, not more than one cares to read. */
export function namesText(names: readonly string[]): string {
  const more = names.length - listedNames
  return names.slice(0, listedNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** What a step gathered that no prompt shows. */
export function leftOutText({ runs, feedback, parameters, texts }: LeftOut): string {
  const parts = [
    ...(runs > 0 ? [counted(runs, 'run')] : []),
    ...(feedback > 0 ? [`${counted(feedback, 'piece')} of feedback`] : []),
    ...(parameters.length > 0 ? [counted(parameters.length, 'parameter')] : []),
    ...(texts > 0 ? [`${counted(texts, 'text')} cut`] : []),
  ]
  return parts.join(', ')
}

/** Of how much a step learned, as `4 of 84 runs, 4 of 90 pieces of feedback`. */
export function learnedFrom({
  seen,
  leftOut,
  sampledFrom,
}: Pick<StepResult, 'seen' | 'leftOut' | 'sampledFrom'>): string {
  const runs = seen.runs.length
  const pieces = seen.feedback.length
  if (leftOut.runs === 0 && leftOut.feedback === 0) return counted(runs, 'run')
  const kinds =
    sampledFrom.kinds === 0
      ? ''
      : `, chosen to cover ${counted(sampledFrom.kinds, 'kind')} of failure`
  return `${runs} of ${counted(runs + leftOut.runs, 'run')} and ${pieces} of ${counted(pieces + leftOut.feedback, 'piece')} of feedback${kinds}`
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}
