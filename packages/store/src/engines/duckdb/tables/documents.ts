import type { Decision } from '../../../decision.ts'
import type { Deployment, LlmCall, Proposal } from '../../../proposal.ts'
import { documentText } from '../records/document-rows.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

const whole = 'The whole row as JSON.'
const ofProposal = columnsOf<Proposal>()
const ofDeployment = columnsOf<Deployment>()
const ofDecision = columnsOf<Decision>()
const ofCall = columnsOf<LlmCall>()

export const proposalTable = table({
  name: 'proposal',
  doc: 'One row per proposal of a value for a parameter.',
  columns: [
    ofProposal.text('id', 'Its id.', ({ id }) => id),
    ofProposal.text('parameter', 'Name of the parameter.', ({ parameter }) => parameter),
    ofProposal.text('status', '`open`, `accepted` or `rejected`.', ({ status }) => status),
    ofProposal.text('created_at', 'When it was made, in ISO 8601.', ({ createdAt }) => createdAt),
    ofProposal.json('document', whole, documentText),
  ],
  key: ['id'],
})

export const deploymentTable = table({
  name: 'deployment',
  doc: 'One row per change of the value of a parameter that is in force.',
  columns: [
    ofDeployment.text('id', 'Its id.', ({ id }) => id),
    ofDeployment.text('parameter', 'Name of the parameter.', ({ parameter }) => parameter),
    ofDeployment.text('created_at', 'When it was made, in ISO 8601.', ({ createdAt }) => createdAt),
    ofDeployment.json('document', whole, documentText),
  ],
  key: ['id'],
})

export const decisionTable = table({
  name: 'decision',
  doc: 'One row per decision about what a parameters file gives.',
  columns: [
    ofDecision.text('id', 'Its id.', ({ id }) => id),
    ofDecision.text('state', '`begun` or `ended`.', ({ state }) => state),
    ofDecision.text('begun_at', 'When it was taken, in ISO 8601.', ({ begunAt }) => begunAt),
    ofDecision.json('document', whole, documentText),
  ],
  key: ['id'],
  since: 8,
})

export const llmCallTable = table({
  name: 'llm_call',
  doc: 'One row per call of a model by Trace2 itself.',
  columns: [
    ofCall.text('id', 'Its id.', ({ id }) => id),
    ofCall.text(
      'key',
      'Hash of what was asked, by which an answer is found again.',
      ({ key }) => key,
    ),
    ofCall.text('status', 'How far it has come, `done` for example.', ({ status }) => status),
    ofCall.text('started_at', 'When it was made, in ISO 8601.', ({ startedAt }) => startedAt),
    ofCall.json('document', whole, documentText),
  ],
  key: ['id'],
})

/** A score as versions before 6 of the tables wrote it. */
interface OldEvaluation {
  readonly id: string
  readonly proposal: string | null
  readonly createdAt: string
}

const ofEvaluation = columnsOf<OldEvaluation>()

export const evaluationTable = table({
  name: 'evaluation',
  doc: 'One row per score that a version before 6 of the tables wrote; later ones write trials.',
  columns: [
    ofEvaluation.text('id', 'Its id.', ({ id }) => id),
    ofEvaluation.textOrNull('proposal', 'Proposal that was judged.', ({ proposal }) => proposal),
    ofEvaluation.text(
      'created_at',
      'When it was given, in ISO 8601.',
      ({ createdAt }) => createdAt,
    ),
    ofEvaluation.json('document', whole, documentText),
  ],
  key: ['id'],
})
