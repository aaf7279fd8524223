import type { Experiment, Look, StoredVerdict, Trial } from '../../../evaluation.ts'
import { documentText } from '../records/document-rows.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

const whole = 'The whole row as JSON.'
const ofExperiment = columnsOf<Experiment>()
const ofTrial = columnsOf<Trial>()
const ofMark = columnsOf<{ readonly traceId: string; readonly experiment: string }>()
const ofLook = columnsOf<{ readonly look: Look; readonly number: number }>()
const ofVerdict = columnsOf<StoredVerdict>()

export const experimentTable = table({
  name: 'experiment',
  doc: 'One row per experiment: candidates on the cases of a dataset.',
  columns: [
    ofExperiment.text('id', 'Its id.', ({ id }) => id),
    ofExperiment.text('created_at', 'When it began, in ISO 8601.', ({ createdAt }) => createdAt),
    ofExperiment.text('status', 'How far it has come.', ({ status }) => status),
    ofExperiment.text('dataset', 'Name of the dataset.', ({ dataset }) => dataset),
    ofExperiment.textList(
      'proposals',
      'Proposals that its candidates have the values of.',
      (of) => [...new Set(of.candidates.flatMap(({ proposals }) => proposals))],
    ),
    ofExperiment.json('document', whole, documentText),
  ],
  key: ['id'],
})

// `repeat` and `key` are narrow, so that the trials of many keys are found without reading one document.
export const trialTable = table({
  name: 'trial',
  doc: 'One row per trial: one candidate on one case.',
  columns: [
    ofTrial.text('id', 'Its id.', ({ id }) => id),
    ofTrial.text('experiment', 'Experiment that it is part of.', (of) => of.experiment),
    ofTrial.text(
      'key',
      'Hash of what was tried, by which a result is found again.',
      ({ key }) => key,
    ),
    ofTrial.count(
      'repeat',
      'Number among the repeats of the case, from 0.',
      ({ repeat }) => repeat,
    ),
    ofTrial.text('outcome', 'How it ended, `done` for example.', ({ outcome }) => outcome),
    ofTrial.text(
      'trace_id',
      'Trace of its run; empty where it has none.',
      ({ traceId }) => traceId,
    ),
    ofTrial.text('started_at', 'When it began, in ISO 8601.', ({ startedAt }) => startedAt),
    ofTrial.json('document', whole, documentText),
  ],
  key: ['id'],
})

export const trialTraceTable = table({
  name: 'trial_trace',
  doc: 'One row per trace of a trial, as the trial or the resource of its spans says: its run is no production run.',
  columns: [
    ofMark.text('trace_id', 'Trace of the trial.', ({ traceId }) => traceId),
    ofMark.text('experiment', 'Experiment of the trial.', (of) => of.experiment),
  ],
  key: ['trace_id'],
})

export const lookTable = table({
  name: 'look',
  doc: 'One row per look at a split of a dataset.',
  columns: [
    ofLook.text('id', 'Its id.', (of) => of.look.id),
    ofLook.count(
      'number',
      'Order in which they were written, whatever the clocks say.',
      (of) => of.number,
    ),
    ofLook.text('dataset', 'Name of the dataset.', (of) => of.look.dataset),
    ofLook.json('document', whole, (of) => documentText(of.look)),
  ],
  key: ['id'],
})

export const verdictTable = table({
  name: 'verdict',
  doc: 'One row per verdict on a candidate.',
  columns: [
    ofVerdict.text('id', 'Its id.', ({ id }) => id),
    ofVerdict.text('created_at', 'When it was given, in ISO 8601.', ({ createdAt }) => createdAt),
    ofVerdict.text('experiment', 'Experiment that it judges.', (of) => of.experiment),
    ofVerdict.textList(
      'proposals',
      'Proposals whose values the candidate has.',
      (of) => of.proposals,
    ),
    ofVerdict.json('document', whole, documentText),
  ],
  key: ['id'],
})
