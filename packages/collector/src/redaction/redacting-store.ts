import type { FeedbackDeclarations, NewFeedback, Proposal, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { redactDataset, redactTrials } from './redact-evaluation.ts'
import { redactLog } from './redact-logs.ts'
import { redactRecord } from './redact-records.ts'
import { redactSpans } from './redact-spans.ts'
import type { Redactor } from './redactor.ts'

/** About the size of a span or record, by which the time for many is set. */
const BYTES_EACH = 1000

/** A store that sees only what the rules leave, whoever writes to it; what has a name is also found by the one it had. */
export function redactingStore(store: Store, redactor: Redactor): Store {
  const forMany = (list: readonly unknown[]) => redactor.forRequest(list.length * BYTES_EACH)
  const record = <T>(value: T): T => redactRecord(value, redactor.forRequest(BYTES_EACH))
  // What is no name is the store's to refuse.
  const named = <T>(name: T) => (typeof name === 'string' ? redactor.identifier(name) : name)
  const text = <T>(name: T) => (typeof name === 'string' ? redactor.text(name) : name)
  return {
    ...store,
    writeSpans: async (spans) => store.writeSpans(await redactSpans(spans, forMany(spans))),
    writeLogs: async (records) => {
      const limited = forMany(records)
      return store.writeLogs(records.map((one) => redactLog(one, limited)))
    },
    addFeedback: async (feedback) =>
      store.addFeedback(redactFeedback(feedback, redactor.forRequest(BYTES_EACH))),
    declareFeedback: async (declarations) =>
      store.declareFeedback(redactDeclarations(declarations, redactor.forRequest(BYTES_EACH))),
    addProposals: async (proposals) =>
      store.addProposals(
        Array.isArray(proposals)
          ? proposals.map((one) => redactProposal(one, redactor))
          : proposals,
      ),
    decideProposal: async (id, decision) => store.decideProposal(id, record(decision)),
    // The path of the file has to stay what it is: the decision is carried out there.
    beginDecision: async (decision) =>
      store.beginDecision({
        ...decision,
        note: text(decision.note),
        changes: decision.changes.map((change) => ({
          ...change,
          parameter: named(change.parameter),
        })),
      }),
    addDeployment: async (deployment) => store.addDeployment(record(deployment)),
    addParameterVersion: async (version) => {
      const left = record({ ...version, name: named(Object(version).name) })
      const hasHoles = JSON.stringify(left.value) !== JSON.stringify(version.value)
      return store.addParameterVersion(hasHoles ? { ...left, trainable: false } : left)
    },
    putLlmCall: async (call) => store.putLlmCall(record(call)),
    addDataset: async (dataset) => store.addDataset(redactDataset(dataset, redactor)),
    putExperiment: async (experiment) => store.putExperiment(record(experiment)),
    addRecords: async (table) => {
      const what = `Rows of ${table} are stored as they are, and this collector redacts.`
      throw raise('T2_IMPORT_REDACTED', what)
    },
    putTrials: async (trials) => store.putTrials(redactTrials(trials, redactor)),
    addLooks: async (dataset, looks, known) => store.addLooks(text(dataset), record(looks), known),
    settleLook: async (id, settled) => store.settleLook(id, record(settled)),
    addVerdict: async (verdict) => store.addVerdict(record(verdict)),
    parameterHistory: async (name) => store.parameterHistory(named(name)),
    parameterScores: async (name, query) => store.parameterScores(named(name), query),
    proposals: async (filter) => store.proposals(filter && record(filter)),
    deployments: async (name) => store.deployments(named(name)),
    dataset: async (name, version) => store.dataset(text(name), version),
    datasetVersions: async (name) => store.datasetVersions(text(name)),
    experiments: async (filter) => store.experiments(filter && record(filter)),
    looks: async (dataset) => store.looks(text(dataset)),
  }
}

/** What it is on is an id; whatever else is a text may be anything. */
function redactFeedback(feedback: NewFeedback, redactor: Redactor): NewFeedback {
  const { label, comment }: NewFeedback = Object(feedback)
  // An empty text says nothing.
  return redactRecord({ ...feedback, label: label || null, comment: comment || null }, redactor)
}

function redactDeclarations(
  declarations: FeedbackDeclarations,
  redactor: Redactor,
): FeedbackDeclarations {
  if (typeof declarations !== 'object' || declarations === null) return declarations
  return redactRecord(declarations, redactor)
}

/** A proposed value with holes says so: nobody should accept it unseen. */
function redactProposal(proposal: Proposal, redactor: Redactor): Proposal {
  const left = redactRecord(proposal, redactor.forRequest(BYTES_EACH))
  if (typeof left !== 'object' || left === null) return left
  if (JSON.stringify(left.value) === JSON.stringify(proposal.value)) return left
  const mark = { kind: 'redacted', detail: 'The collector took something out of the value.' }
  return { ...left, marks: [...(left.marks ?? []), mark] }
}
