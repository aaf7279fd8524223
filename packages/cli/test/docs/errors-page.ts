import { collectorErrors } from '@trace2/collector'
import type { ErrorEntry } from '@trace2/core'
import { evaluationErrors } from '@trace2/evaluation'
import { instrumentationErrors } from '@trace2/instrumentation'
import { optimizerErrors } from '@trace2/optimizer'
import { sourceErrors } from '@trace2/source'
import { storeErrors } from '@trace2/store'
import { commandErrors } from '../../src/errors.ts'
import { markdownTable } from './markdown-table.ts'

/** Every error catalogue of the project, by the package it belongs to. */
export const catalogues: Readonly<Record<string, Readonly<Record<string, ErrorEntry>>>> = {
  '@trace2/source': sourceErrors,
  '@trace2/instrumentation': instrumentationErrors,
  '@trace2/store': storeErrors,
  '@trace2/collector': collectorErrors,
  '@trace2/optimizer': optimizerErrors,
  '@trace2/evaluation': evaluationErrors,
  trace2: commandErrors,
}

/** The text of `docs/errors.md`. */
export function errorsPage(): string {
  const rows = Object.entries(catalogues).flatMap(([name, entries]) =>
    Object.entries(entries).map(([code, { status, remedy }]) => ({ code, status, name, remedy })),
  )
  rows.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.name < b.name ? -1 : 1))
  return `# Errors

Made from the error tables of the packages by \`npm run docs:errors\`; do not edit it here.

Every error has a code that does not change, a message that says what happened, and a remedy. The command line prints
all three on standard error (as one JSON object with \`--json\`) and ends with exit code 1, or 2 where the command line
itself was wrong. The collector answers with the HTTP status. In code, every one is a \`Trace2Error\` with \`code\`,
\`message\`, \`remedy\` and \`status\`; what led to it is its \`cause\`.

${markdownTable(
  ['code', 'status', 'raised by', 'what to do'],
  rows.map(({ code, status, name, remedy }) => [
    `\`${code}\``,
    String(status),
    `\`${name}\``,
    outsideHtml(remedy),
  ]),
)}
`
}

/** Text in which an angle bracket outside of code begins no HTML. */
function outsideHtml(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`')
}
