import type { DatasetVersion } from '../../../evaluation.ts'
import { documentText } from '../records/document-rows.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

/** A case with the hash of its canonical JSON. */
export interface StoredCase {
  readonly hash: string
  readonly document: string
}

/** A version of a dataset with the hashes of its cases. */
export interface StoredVersion {
  readonly version: DatasetVersion
  readonly cases: readonly string[]
}

const ofCase = columnsOf<StoredCase>()
const { text, count, textList, json } = columnsOf<StoredVersion>()

export const datasetCaseTable = table({
  name: 'dataset_case',
  doc: 'One row per case, however many versions of datasets it is in.',
  columns: [
    ofCase.text('hash', 'Hash of its canonical JSON.', ({ hash }) => hash),
    ofCase.json('document', 'The case as JSON.', ({ document }) => document),
  ],
  key: ['hash'],
})

export const datasetVersionTable = table({
  name: 'dataset_version',
  doc: 'One row per version of a dataset.',
  columns: [
    text('name', 'Name of the dataset.', ({ version }) => version.name),
    count('version', 'Number of the version, from 1.', ({ version }) => version.version),
    text('hash', 'Hash of its cases, whatever their order.', ({ version }) => version.hash),
    textList('cases', 'Hashes of its cases, in their order.', ({ cases }) => cases),
    json('document', 'The whole row as JSON.', ({ version }) => documentText(version)),
  ],
  key: ['name', 'version'],
})
