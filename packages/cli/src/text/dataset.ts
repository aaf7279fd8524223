import { printable } from '@trace2/core'
import type {
  ChangedDataset,
  DatasetDescription,
  DatasetWarning,
  LineProblem,
  Unusable,
} from '@trace2/evaluation/datasets'
import { wrapped } from '@trace2/render'
import type { Case, DatasetVersion } from '@trace2/store'
import type { Terminal } from '../terminal/terminal.ts'
import { type Column, fields, table } from './table.ts'
import { counted, formatCount, formatMaybeScore, formatTime } from './values.ts'

const listColumns: readonly Column[] = [
  { title: 'DATASET' },
  { title: 'VERSION', align: 'right' },
  { title: 'CASES', align: 'right' },
  { title: 'GROUPS', align: 'right', optional: 3 },
  { title: 'TRAIN', align: 'right', optional: 2 },
  { title: 'VALIDATION', align: 'right', optional: 2 },
  { title: 'HOLDOUT', align: 'right', optional: 2 },
  { title: 'REFERENCES', align: 'right', optional: 4 },
  { title: 'MADE', optional: 1 },
]

export function datasetTable(versions: readonly DatasetVersion[], terminal: Terminal): string {
  const rows = versions.map(({ name, version, counts, createdAt }) => [
    name,
    String(version),
    formatCount(counts.cases),
    formatCount(counts.groups),
    formatCount(counts.splits.train),
    formatCount(counts.splits.validation),
    formatCount(counts.splits.holdout),
    formatCount(counts.references),
    formatTime(createdAt),
  ])
  return table(listColumns, rows, terminal)
}

const versionColumns: readonly Column[] = [
  { title: 'VERSION', align: 'right' },
  { title: 'CASES', align: 'right' },
  { title: 'HOLDOUT', align: 'right', optional: 2 },
  { title: 'MADE', optional: 1 },
  { title: 'FROM', flexible: true },
]

export function versionTable(versions: readonly DatasetVersion[], terminal: Terminal): string {
  const rows = versions.map(({ version, counts, createdAt, origin }) => [
    String(version),
    formatCount(counts.cases),
    formatCount(counts.splits.holdout),
    formatTime(createdAt),
    origin,
  ])
  return table(versionColumns, rows, terminal)
}

const splitColumns: readonly Column[] = [
  { title: 'SPLIT' },
  { title: 'CASES', align: 'right' },
  { title: 'GROUPS', align: 'right' },
  { title: 'REFERENCES', align: 'right' },
  { title: 'WITH FEEDBACK', align: 'right' },
  { title: 'MEAN SCORE', align: 'right' },
]

/** A dataset's counts, by split and by name of feedback. */
export function descriptionText(description: DatasetDescription, terminal: Terminal): string {
  const { name, version, createdAt, origin, cases, groups, references, feedback } = description
  const splits = description.splits.map((split) => [
    split.split,
    formatCount(split.cases),
    formatCount(split.groups),
    formatCount(split.references),
    formatCount(split.judged),
    formatMaybeScore(split.meanScore),
  ])
  const kinds = feedback.map((kind) => `${kind.name} on ${counted(kind.cases, 'case')}`)
  const title = terminal.paint('strong', `◆ ${printable(name)}`)
  return [
    `${title}  version ${version}`,
    '',
    fields(
      [
        ['made', formatTime(createdAt)],
        ['from', origin],
        ['cases', `${formatCount(cases)} in ${counted(groups, 'group')}`],
        ['references', formatCount(references)],
        ['feedback', kinds.length === 0 ? 'none' : kinds.join(', ')],
      ],
      terminal,
    ),
    '',
    table(splitColumns, splits, terminal),
  ].join('\n')
}

export function warningLines(warnings: readonly DatasetWarning[], terminal: Terminal): string[] {
  return warnings.flatMap(({ message }) => {
    const [first = '', ...rest] = wrapped(printable(message), terminal.columns - 2)
    return [`! ${first}`, ...rest.map((line) => `  ${line}`)]
  })
}

const caseColumns: readonly Column[] = [
  { title: 'CASE' },
  { title: 'SPLIT' },
  { title: 'GROUP', flexible: true, optional: 1 },
  { title: 'INPUT', flexible: true },
  { title: 'REFERENCE', flexible: true },
]

export function caseTable(cases: readonly Case[], terminal: Terminal): string {
  const rows = cases.map(({ id, split, group, inputs, reference }) => {
    const roles = Object.entries(inputs)
    const [only] = roles
    const value = roles.length === 1 && only ? only[1] : inputs
    // A case that nothing belongs to has its own id for a group.
    return [
      id,
      split,
      group === id ? '' : group,
      shown(value),
      reference === null ? '–' : shown(reference),
    ]
  })
  return table(caseColumns, rows, terminal)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What became of a dataset, in a line or two. */
export function changeLines(changed: ChangedDataset): readonly string[] {
  const { version, same, added, edited, unchanged, removed } = changed
  const { name, counts } = version
  if (same) {
    return [
      `${name} has these cases already: version ${version.version}, ${counted(counts.cases, 'case')}`,
    ]
  }
  const parts = [
    `${formatCount(added)} added`,
    ...(edited > 0 ? [`${formatCount(edited)} edited`] : []),
    ...(unchanged > 0 ? [`${formatCount(unchanged)} unchanged`] : []),
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ]
  const splits = Object.entries(counts.splits).map(([split, cases]) => `${split} ${cases}`)
  return [
    `${name}, version ${version.version}: ${counted(counts.cases, 'case')} (${parts.join(', ')})`,
    `${counted(counts.groups, 'group')}: ${splits.join(', ')}`,
  ]
}

/** What is worth knowing of how the cases came about. */
export function remarkLines(changed: ChangedDataset): readonly string[] {
  const { merged, contradictions, contradicted, keptApart, apart, moved } = changed
  const but =
    contradictions > 0
      ? ` (another reference than the first: ${formatCount(contradictions)}; ${casesText(contradicted)})`
      : ''
  return [
    ...(merged > 0 ? [`Merged with a case of the same inputs: ${formatCount(merged)}${but}.`] : []),
    ...(keptApart > 0
      ? [
          `Nearly the same as a case of another group: ${formatCount(keptApart)} (${casesText(apart)}); the names or splits given keep them apart.`,
        ]
      : []),
    ...(moved > 0
      ? [`A case stays where it is: ${formatCount(moved)} named another group or split.`]
      : []),
  ]
}

/** Cases that a remark names. */
const mostNamed = 5

function casesText(ids: readonly string[]): string {
  const named = ids.slice(0, mostNamed).join(', ')
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : ''
  return `${ids.length === 1 ? 'case' : 'cases'} ${named}${more}`
}

const reasons: Readonly<Record<Unusable, string>> = {
  'no input': 'no input was recorded',
  cut: 'the input was cut',
  withheld: 'the input was withheld',
  redacted: 'the input was redacted',
  'not JSON': 'the input is more than JSON can carry',
}

/** Which runs are no cases, and why. */
export function unusableText(
  runs: number,
  unusable: { readonly [reason in Unusable]?: number },
): string | undefined {
  const known = Object.entries(reasons).flatMap(([reason, text]) => {
    const count = Object.entries(unusable).find(([each]) => each === reason)?.[1]
    return count === undefined ? [] : [{ text, count }]
  })
  const total = known.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return undefined
  const why = known.map(({ text, count }) => `${text} (${formatCount(count)})`).join(', ')
  return `${formatCount(total)} of ${counted(runs, 'run')} cannot be cases: ${why}.`
}

/** Problems that are told one by one. */
const mostTold = 10

export function problemLines(
  file: string,
  problems: readonly LineProblem[],
  badLines: number,
): readonly string[] {
  const told = problems.slice(0, mostTold)
  const lines = told.map(({ line, code, message }) => `${file}:${line}: ${message} (${code})`)
  return badLines > told.length ? [...lines, `… and ${badLines - told.length} more`] : lines
}
