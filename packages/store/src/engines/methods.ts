import type { Store } from '../store.ts'

/** Methods of a store that each part of an engine answers. */

export const recordMethods = [
  'addFeedback',
  'declareFeedback',
  'addParameterVersion',
  'addProposals',
  'decideProposal',
  'addDeployment',
  'beginDecision',
  'endDecision',
  'putLlmCall',
  'addDataset',
  'putExperiment',
  'putTrials',
  'addLooks',
  'settleLook',
  'addVerdict',
] as const satisfies readonly (keyof Store)[]

/** Names of the methods of a store that read. */
export const queryMethods = [
  'runs',
  'findRun',
  'feedback',
  'feedbackNames',
  'parameters',
  'parameterHistory',
  'parameterScores',
  'proposals',
  'proposal',
  'deployments',
  'unfinishedDecisions',
  'findLlmCall',
  'llmCalls',
  'datasets',
  'datasetVersions',
  'dataset',
  'experiments',
  'experiment',
  'trials',
  'findTrials',
  'looks',
  'verdicts',
  'sql',
] as const satisfies readonly (keyof Store)[]

export const graphMethods = ['graph', 'graphs'] as const satisfies readonly (keyof Store)[]

/** Names of the methods of a store that look after the database. */
export const adminMethods = [
  'exportParquet',
  'addRecords',
  'openBackup',
  'backupParts',
  'readBackup',
  'closeBackup',
  'retain',
] as const satisfies readonly (keyof Store)[]

export type RecordMethod = (typeof recordMethods)[number]
export type QueryMethod = (typeof queryMethods)[number]
export type GraphMethod = (typeof graphMethods)[number]
export type AdminMethod = (typeof adminMethods)[number]
