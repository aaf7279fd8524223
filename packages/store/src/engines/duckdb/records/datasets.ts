import type { DuckDBConnection } from '@duckdb/node-api'
import { canonicalJson, isParameterName, sha256 } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type { Case, Dataset, DatasetVersion, NewDataset, Split } from '../../../evaluation.ts'
import type { Database } from '../database.ts'
import { text } from '../row.ts'
import {
  datasetCaseTable,
  datasetVersionTable,
  insertRows,
  type StoredCase,
} from '../tables/index.ts'
import { documents, documentsOn, documentText, wellFormedJson } from './document-rows.ts'

const splits: readonly Split[] = ['train', 'validation', 'holdout']

/** Adds the next version of a dataset, unless it has the cases of the latest one. */
export async function addDataset(database: Database, added: NewDataset): Promise<DatasetVersion> {
  const { name, origin } = added
  if (!isParameterName(name)) {
    throw raise('T2_DATASET_NAME', `${JSON.stringify(name)} cannot be the name of a dataset.`)
  }
  const cases = checked(added)
  // Roles keep their order: an agent is called with them in turn.
  const stored = cases.map((one) => ({
    hash: sha256(wellFormedJson(canonicalJson(one))),
    document: documentText(one),
  }))
  // The order of the cases is no part of what they are.
  const hash = sha256(
    stored
      .map((one) => one.hash)
      .sort()
      .join('\n'),
  )
  const counts = countsOf(cases)
  return database.write(async (connection) => {
    const [latest] = await documentsOn<DatasetVersion>(
      connection,
      'SELECT document FROM dataset_version WHERE name = $1 ORDER BY version DESC LIMIT 1',
      [name],
    )
    if (latest?.hash === hash) return latest
    const version = (latest?.version ?? 0) + 1
    const createdAt = new Date().toISOString()
    const row: DatasetVersion = { name, version, createdAt, origin, hash, counts }
    await insertCases(connection, stored)
    await insertRows(connection, datasetVersionTable, [
      { version: row, cases: stored.map((one) => one.hash) },
    ])
    return row
  })
}

/** Cases at once: what is bound to a statement is copied several times. */
const CASES_AT_ONCE = 1_000

async function insertCases(
  connection: DuckDBConnection,
  cases: readonly StoredCase[],
): Promise<void> {
  for (let from = 0; from < cases.length; from += CASES_AT_ONCE) {
    const some = cases.slice(from, from + CASES_AT_ONCE)
    await insertRows(connection, datasetCaseTable, some, 'OR IGNORE')
  }
}

/** What comes over the network is of any type, and trials are known by the ids of their cases. */
function checked({ name, cases }: NewDataset): readonly Case[] {
  const fail = (fault: string) => raise('T2_DATASET_CASE', `The dataset ${name}: ${fault}.`)
  if (!Array.isArray(cases)) throw fail('its cases are no list')
  const ids = new Set<unknown>()
  for (const [at, given] of cases.entries()) {
    const { id, inputs, group, split }: Partial<Record<keyof Case, unknown>> = Object(given)
    if (typeof id !== 'string' || id === '') throw fail(`case ${at + 1} has no id`)
    if (ids.has(id)) throw fail(`there are several cases ${id}`)
    ids.add(id)
    if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
      throw fail(`the inputs of case ${id} are not given by role`)
    }
    if (typeof group !== 'string') throw fail(`case ${id} has no group`)
    if (!splits.some((known) => known === split)) throw fail(`case ${id} is in no split`)
  }
  return cases
}

function countsOf(cases: readonly Case[]): DatasetVersion['counts'] {
  const within = (split: Split) => cases.filter((one) => one.split === split).length
  return {
    cases: cases.length,
    groups: new Set(cases.map(({ group }) => group)).size,
    references: cases.filter(({ reference }) => (reference ?? null) !== null).length,
    splits: {
      train: within('train'),
      validation: within('validation'),
      holdout: within('holdout'),
    },
  }
}

export function readDatasets(database: Database): Promise<DatasetVersion[]> {
  return documents(
    database,
    'SELECT arg_max(document, version) AS document FROM dataset_version GROUP BY name ORDER BY name',
    [],
  )
}

export async function readDatasetVersions(
  database: Database,
  name: string,
): Promise<DatasetVersion[]> {
  const versions = await documents<DatasetVersion>(
    database,
    'SELECT document FROM dataset_version WHERE name = $1 ORDER BY version',
    [name],
  )
  if (versions.length === 0) throw await unknownDataset(database, name)
  return versions
}

export async function readDataset(
  database: Database,
  name: string,
  version?: number,
): Promise<Dataset> {
  const versions = await readDatasetVersions(database, name)
  const latest = versions.at(-1)
  const wanted = versions.find((one) => one.version === (version ?? latest?.version))
  if (!wanted) {
    const has = `its latest version is ${latest?.version}`
    throw raise('T2_DATASET_UNKNOWN', `The dataset ${name} has no version ${version}: ${has}.`)
  }
  const cases = await documents<Case>(
    database,
    `SELECT dataset_case.document
     FROM (
       SELECT unnest(cases) AS hash, generate_subscripts(cases, 1) AS place
       FROM dataset_version WHERE name = $1 AND version = $2
     ) listed
     JOIN dataset_case USING (hash)
     ORDER BY listed.place`,
    [name, wanted.version],
  )
  return { ...wanted, cases }
}

/** How many names an error suggests, and how many letters may differ in them. */
const suggestions = 3
const letters = 3

async function unknownDataset(database: Database, name: string): Promise<Error> {
  const near = await database.rows(
    `SELECT name FROM (SELECT DISTINCT name FROM dataset_version)
     WHERE damerau_levenshtein(lower(name), lower($1)) <= ${letters}
       OR contains(lower(name), lower($1)) OR contains(lower($1), lower(name))
     ORDER BY damerau_levenshtein(lower(name), lower($1)), name
     LIMIT ${suggestions}`,
    [name],
  )
  const names = near.map((row) => text(row, 'name'))
  const meant = names.length === 0 ? '' : ` Near it: ${names.join(', ')}.`
  return raise('T2_DATASET_UNKNOWN', `There is no dataset ${JSON.stringify(name)}.${meant}`)
}
