import { formatScore } from '@trace2/render'
import type { FeedbackName } from '@trace2/store'

/** `1 to 5`, `bad < fair < good`, or nothing where no scale is known. */
export function scaleText({ scale }: Pick<FeedbackName, 'scale'>): string {
  if (!scale) return ''
  const [low, high] = scale
  if (typeof low === 'number' && low === high) return formatScore(low)
  return typeof low === 'number' && typeof high === 'number'
    ? `${formatScore(low)} to ${formatScore(high)}`
    : scale.join(' < ')
}

/** `1 to 5, higher is better`. Of categories, the order says which is better. */
export function meaningText(name: FeedbackName): string {
  if (!name.scale) return name.unclear ? 'scale unclear' : 'no scale known'
  const isOrder = typeof name.scale[0] === 'string'
  const better = isOrder ? (name.direction === 'lower' ? 'earlier' : 'later') : name.direction
  return `${scaleText(name)}, ${better} is better`
}

/** Where what a name means is from: `learned`, `program`, `file`, or several of them. */
export function originText({ scaleFrom, directionFrom, weightFrom }: FeedbackName): string {
  const declared = [directionFrom, weightFrom].filter(
    (from) => from === 'file' || from === 'program',
  )
  return [...new Set([scaleFrom, ...declared])].join(', ')
}

/** What to do about names whose scale is unclear, in a sentence; not yet printable. */
export function unclearText(names: readonly FeedbackName[]): string {
  const list = names.map(({ name, seen, scale }) => {
    const assumed = scale ? `, taken as ${scaleText({ scale })}` : ''
    return `${name} (every score is ${formatScore(seen?.[0] ?? 0)}${assumed})`
  })
  return `Scale unclear: declare it with \`scale: [1, 5]\` in feedback(), or with --declare FILE of \`trace2 feedback\`: ${list.join(', ')}.`
}
