import { contentTable } from './content.ts'
import { datasetCaseTable, datasetVersionTable } from './datasets.ts'
import {
  decisionTable,
  deploymentTable,
  evaluationTable,
  llmCallTable,
  proposalTable,
} from './documents.ts'
import {
  experimentTable,
  lookTable,
  trialTable,
  trialTraceTable,
  verdictTable,
} from './evaluations.ts'
import { feedbackTable } from './feedback.ts'
import { feedbackDeclarationTable } from './feedback-declaration.ts'
import { journalOffsetTable } from './journal-offset.ts'
import { logBaseTable } from './log-base.ts'
import { parameterUseTable } from './parameter-use.ts'
import { parameterVersionTable } from './parameter-version.ts'
import { spanTable } from './span.ts'
import { spanNoteTable } from './span-note.ts'
import type { TableShape } from './table.ts'
import { traceTimeTable } from './trace-time.ts'
import { unnamedPromptTable } from './unnamed-prompt.ts'

/** Every table of a store, but for the one that says the version of the others. */
export const storeTables: readonly TableShape[] = [
  ...[spanTable, spanNoteTable, traceTimeTable, contentTable],
  ...[parameterVersionTable, parameterUseTable, unnamedPromptTable],
  ...[feedbackTable, feedbackDeclarationTable],
  ...[proposalTable, decisionTable, deploymentTable, llmCallTable, evaluationTable],
  ...[
    datasetCaseTable,
    datasetVersionTable,
    experimentTable,
    trialTable,
    trialTraceTable,
    lookTable,
    verdictTable,
  ],
  journalOffsetTable,
  logBaseTable,
]
export { contentTable, newContentTable } from './content.ts'
export { datasetCaseTable, datasetVersionTable, type StoredCase } from './datasets.ts'
export { decisionTable, deploymentTable, llmCallTable, proposalTable } from './documents.ts'
export { experimentTable, lookTable, trialTable, verdictTable } from './evaluations.ts'
export { feedbackTable } from './feedback.ts'
export { type DeclaredFeedback, feedbackDeclarationTable } from './feedback-declaration.ts'
export { journalOffsetTable } from './journal-offset.ts'
export { logBaseTable } from './log-base.ts'
export { parameterUseTable } from './parameter-use.ts'
export {
  newParameterVersionTable,
  parameterVersionTable,
  type SeenParameter,
} from './parameter-version.ts'
export { packedReading, reading } from './read-rows.ts'
export { additionsOf, createTable, FIRST_DESCRIBED, versionOfTables } from './schema-text.ts'
export { spanTable } from './span.ts'
export { spanNoteTable } from './span-note.ts'
export type { TableShape } from './table.ts'
export { traceTimeTable } from './trace-time.ts'
export { unnamedPromptTable } from './unnamed-prompt.ts'
export { createView } from './view-text.ts'
export { insertRows, rowWriter } from './write-rows.ts'
