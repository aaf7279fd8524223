import type { LlmCall, NewDataset, Proposal, Store } from '@trace2/store'
import {
  caseOf,
  experimentOf,
  lookOf,
  trialOf,
  verdictOf,
} from '../../../../store/src/testing/evaluations.ts'
import { traceId } from '../../../../store/src/testing/spans.ts'

type Writes = (store: Store, text: string, id: string) => Promise<unknown>

const at = '2026-11-01T00:00:00.000Z'
const proposal =
  (more: (text: string) => Partial<Proposal>): Writes =>
  async (store, text, id) =>
    store.addProposals([
      {
        id,
        step: id,
        parameter: 'p',
        baseVersion: 'aaaaaaaaaaaaaaaa',
        baseValue: 'a',
        version: 'bbbbbbbbbbbbbbbb',
        value: 'b',
        optimizer: 'o',
        model: 'm',
        runs: [],
        feedback: [],
        reasoning: '',
        llmCalls: [],
        inputTokens: 1,
        outputTokens: 1,
        costUsd: null,
        status: 'open',
        note: '',
        createdAt: at,
        decidedAt: null,
        ...more(text),
      },
    ])
const call =
  (more: (text: string) => Partial<LlmCall>): Writes =>
  (store, text, id) =>
    store.putLlmCall({
      id,
      key: id,
      purpose: 'test',
      model: 'm',
      request: null,
      response: null,
      status: 'done',
      error: null,
      inputTokens: 1,
      outputTokens: 1,
      costUsd: null,
      startedAt: at,
      endedAt: at,
      ...more(text),
    })
const dataset =
  (more: (text: string) => Partial<NewDataset>): Writes =>
  (store, text, id) =>
    store.addDataset({ name: id, origin: 'o', cases: [caseOf(id)], ...more(text) })
const feedback =
  (more: (text: string) => object): Writes =>
  (store, text, id) =>
    store.addFeedback({
      traceId: traceId(Buffer.from(id).toString('hex')),
      spanId: null,
      name: 'tone',
      comment: 'x',
      ...more(text),
    })

/** Where a text can stand in what is written through the interface of the store. */
export const recordPlaces: Readonly<Record<string, Writes>> = {
  'feedback comment': feedback((comment) => ({ comment })),
  'feedback label': feedback((label) => ({ label })),
  'feedback name': feedback((name) => ({ name })),
  'feedback identifier': feedback((identifier) => ({ identifier })),
  'feedback category': (store, text, id) =>
    store.declareFeedback({ [id]: { scale: [text, 'good'] } }),
  'declared name': (store, text) => store.declareFeedback({ [text]: { weight: 1 } }),
  'proposal reasoning': proposal((reasoning) => ({ reasoning })),
  'proposal value': proposal((value) => ({ value, baseValue: { prompt: value } })),
  'proposal model': proposal((model) => ({ model, optimizer: model, note: model })),
  'proposal mark': proposal((text) => ({ marks: [{ kind: text, detail: text }] })),
  'proposal parameter': proposal((parameter) => ({ parameter })),
  'proposal runs': proposal((text) => ({
    runs: [text],
    feedback: [text],
    llmCalls: [text],
    baseVersion: text,
  })),
  'call request': call((text) => ({ request: { messages: [{ role: 'user', content: text }] } })),
  'call response': call((text) => ({ response: { choices: [{ text }] } })),
  'call error': call((error) => ({ error, purpose: error, model: error })),
  'deployment target': (store, target, id) =>
    store.addDeployment({
      parameter: id,
      version: null,
      previousVersion: null,
      proposal: null,
      action: 'accept',
      target,
    }),
  'parameter version': (store, text, id) =>
    store.addParameterVersion({
      name: id,
      value: text,
      description: text,
      schema: null,
      trainable: true,
    }),
  'dataset origin': dataset((origin) => ({ origin })),
  'case inputs': dataset((text) => ({ cases: [caseOf('c', { inputs: { ticket: text } })] })),
  'case reference': dataset((text) => ({ cases: [caseOf('c', { reference: { deep: [text] } })] })),
  'case metadata': dataset((text) => ({
    cases: [caseOf('c', { metadata: { note: text }, group: text })],
  })),
  'case feedback': dataset((text) => ({
    cases: [
      caseOf('c', {
        feedback: [{ name: text, score: 1, label: text, comment: text, source: 'human' }],
      }),
    ],
  })),
  experiment: (store, text, id) =>
    store.putExperiment(experimentOf(id, { agent: text, stoppedBecause: text, guides: [text] })),
  candidate: (store, text, id) =>
    store.putExperiment(
      experimentOf(id, {
        candidates: [
          {
            id: 'base',
            name: text,
            values: { p: { value: text, version: 'v' } },
            proposals: [text],
          },
        ],
      }),
    ),
  'trial output': (store, text, id) => store.putTrials([trialOf(id, { output: { answer: text } })]),
  'trial reason': (store, text, id) =>
    store.putTrials([
      trialOf(id, {
        reason: text,
        scores: [{ guide: text, score: 1, label: text, comment: text, error: text }],
        used: [text],
      }),
    ]),
  look: (store, text, id) =>
    store
      .looks()
      .then((known) => store.addLooks('d', [lookOf(id, { groups: [text] })], known.length)),
  verdict: (store, text, id) =>
    store.addVerdict(verdictOf(id, { metric: text, report: { reason: [text] } })),
}
