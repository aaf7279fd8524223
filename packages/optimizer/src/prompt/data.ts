import { identifier, parameterLabel, showValue } from '@trace2/core'
import type { Fence } from '@trace2/evaluation/prompt'
import { excerpts, type Terms, termsOf, weighed } from '@trace2/evaluation/prompt'
import type { Block } from '@trace2/store'
import { type BatchRun, nodeNames } from '../batch/index.ts'
import type { Section } from '../sections.ts'
import type { Piece } from './assemble.ts'
import type { Problem } from './problem.ts'
import { band, rankOf } from './rank.ts'
import { ShownTexts, worthReferring } from './repeated.ts'
import { runList } from './run-list.ts'
import { shownText, shownValues } from './shown-values.ts'

/** Longest form of a value, in characters, before its detail stages of 1,000, 4,000 and all. */
const firstForm = { feedback: 400, relevant: 300, output: 400, input: 400, other: 240 }
const detailForms = [1000, 4000, Number.POSITIVE_INFINITY]
/** Values on the path that share words with the feedback, shown next to it. */
const relevantValues = 3
const firstInputs = 6
/** A piece of feedback of one run, or a value of one or more. */
interface Entry {
  readonly section: Section
  readonly tag: string
  readonly attributes: { readonly [name: string]: string }
  readonly content: string
  readonly terms: Terms
  readonly place: readonly number[]
  readonly runs: number[]
  readonly limit: number
  /** Id of the piece of feedback that it is. */
  readonly feedback?: string
  /** The pieces of a value; of feedback, there are none. */
  readonly blocks?: readonly Block[]
  /** Whether it is left out where it says nothing that is not shown elsewhere. */
  readonly wrapper?: boolean
  rank: number
  detail: number
}

/** Everything that differs from run to run: inputs, intermediate values, outputs, feedback. */
export function dataPieces({ batch, variables }: Problem, fence: Fence): Piece[] {
  const texts = new Map(
    variables.map(({ name, value }) => [parameterLabel(name), showValue(value)]),
  )
  const entries: Entry[] = []
  const joinable = new Map<string, Entry>()
  const add = (entry: Entry) => {
    const { section, tag, attributes, content } = entry
    if (section === 'Feedback' || content.length < worthReferring) {
      entries.push(entry)
      return
    }
    const key = `${JSON.stringify([section, tag, attributes])} ${content}`
    const same = joinable.get(key)
    if (!same) {
      joinable.set(key, entry)
      entries.push(entry)
      return
    }
    same.runs.push(...entry.runs)
    same.rank = Math.min(same.rank, entry.rank)
    same.detail = Math.min(same.detail, entry.detail)
  }
  const order = new Map(batch.groups.map((group, at) => [group.runs[0]?.number, at]))
  for (const { shape, runs } of batch.groups) {
    const names = nodeNames(shape)
    for (const run of runs) {
      const lead = order.get(run.number)
      const rank = (minor: number) =>
        lead === undefined ? rankOf(band.run, run.number, minor) : rankOf(band.lead, lead, minor)
      for (const entry of referred([...entriesOf(run, names, rank)], texts)) add(entry)
    }
  }
  const ids = new Map(batch.runs.map(({ number, graph }) => [number, graph.run]))
  return entries.map((entry) => {
    const runs = [...new Set(entry.runs)].flatMap((number) => ids.get(number) ?? [])
    const feedback = entry.feedback === undefined ? [] : [entry.feedback]
    return { ...pieceOf(entry, fence), about: { runs, feedback } }
  })
}

/**
 * Within a run a long text is shown once, where it ranks highest; elsewhere it is referred to by name. What only holds other
 * calls is left out where it says nothing else than they do.
 */
function referred(entries: readonly Entry[], variables: ReadonlyMap<string, string>): Entry[] {
  const shown = new ShownTexts()
  for (const [name, text] of variables) shown.add(name, [{ label: '', text }])
  return entries
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap((entry) => {
      const { attributes, blocks, wrapper } = entry
      const name = attributes.name ?? attributes.role
      if (!blocks || name === undefined) return [entry]
      const { content, isNew } = shown.add(name, blocks)
      return wrapper && !isNew ? [] : [{ ...entry, content }]
    })
}

function* entriesOf(
  run: BatchRun,
  names: readonly string[],
  rank: (minor: number) => number,
): Generator<Entry> {
  const said = run.feedback.map(({ feedback }) =>
    [feedback.comment, feedback.label].filter((text) => text !== null).join('\n'),
  )
  const given = said.join('\n')
  const outputs = run.shape.nodes.flatMap(({ target }, at) =>
    target ? shownText(run.shape, at) : [],
  )
  const { terms, relevant } = mostRelevant(run, termsOf([given, outputs.join('\n')]))

  for (const [order, { feedback, at }] of run.feedback.entries()) {
    yield {
      terms,
      runs: [run.number],
      section: 'Feedback',
      tag: 'feedback',
      feedback: feedback.id,
      attributes: {
        name: identifier(feedback.name, 'feedback'),
        ...(feedback.score === null ? {} : { score: String(feedback.score) }),
        on: names[at] ?? '',
      },
      content: said[order] ?? '',
      place: [run.number, order],
      limit: firstForm.feedback,
      rank: rank(0),
      detail: 0,
    }
  }
  const position = new Map(run.shape.nodes.map(({ node }, at) => [node.id, at]))
  for (const [order, parameter] of run.otherVersions.entries()) {
    yield {
      terms,
      runs: [run.number],
      section: 'Inputs',
      tag: 'earlier',
      attributes: {
        name: names[position.get(parameter.id) ?? -1] ?? parameterLabel(parameter.name),
      },
      content: showValue(parameter.value),
      blocks: [{ label: '', text: showValue(parameter.value) }],
      place: [run.number, -1, order],
      limit: firstForm.input,
      rank: rank(1),
      detail: 1,
    }
  }

  const values = shownValues(run.shape)
  let inputs = 0
  for (const [at, { node, onPath, target }] of run.shape.nodes.entries()) {
    if (onPath && node.kind === 'parameter') continue
    if (values.silent[at] && !target) continue
    const runs = [run.number]
    const content = shownText(run.shape, at)
    const blocks = values.blocks[at] ?? []
    const wrapper = values.wrapper[at] === true && !target
    const place = [run.number, at]
    const name = names[at] ?? ''
    const answering = values.answering[at]
    if (target) {
      yield {
        terms,
        runs,
        content,
        blocks,
        wrapper,
        place,
        section: 'Outputs',
        tag: 'output',
        attributes: {
          name,
          ...(node.kind === 'exception' ? { error: 'true' } : {}),
          ...(answering === undefined ? {} : { answer_of: names[answering] ?? '' }),
        },
        limit: firstForm.output,
        rank: rank(2),
        detail: 2,
      }
    } else if (onPath) {
      const near = relevant.has(at)
      yield {
        terms,
        runs,
        content,
        blocks,
        wrapper,
        place,
        section: 'Others',
        tag: 'value',
        attributes: { name, ...(node.kind === 'exception' ? { error: 'true' } : {}) },
        limit: near ? firstForm.relevant : firstForm.other,
        rank: near ? rank(10) : rankOf(band.others, run.number, at),
        detail: near ? 3 : 4,
      }
    } else {
      inputs++
      yield {
        terms,
        runs,
        content,
        blocks,
        wrapper,
        place,
        section: 'Inputs',
        tag: 'input',
        attributes: { role: name },
        limit: firstForm.input,
        rank: inputs <= firstInputs ? rank(20 + inputs) : rankOf(band.blanket, run.number, at),
        detail: 5,
      }
    }
  }
}

/** Terms weighed by how rare they are in the run, and the values on the path that have most of them. */
function mostRelevant(
  run: BatchRun,
  terms: Terms,
): { readonly terms: Terms; readonly relevant: ReadonlySet<number> } {
  const candidates = run.shape.nodes.flatMap(({ node, onPath, target }, at) =>
    onPath && !target && node.kind !== 'parameter'
      ? [{ at, content: shownText(run.shape, at) }]
      : [],
  )
  const { terms: own, relevance } = weighed(
    terms,
    candidates.map(({ content }) => content),
  )
  const best = candidates
    .map(({ at }, place) => ({ at, score: relevance[place] ?? 0 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, relevantValues)
  return { terms: own, relevant: new Set(best.map(({ at }) => at)) }
}

function pieceOf(entry: Entry, fence: Fence): Piece {
  const { section, tag, attributes, content, terms, place, limit, rank, detail } = entry
  // Runs were visited group by group.
  const numbers = [...new Set(entry.runs)].sort((a, b) => a - b)
  const shortened = excerpts(content, terms)
  const text = (length: number) => () =>
    fence.element(tag, { run: runList(numbers), ...attributes }, shortened(length))
  const longer = detailForms.filter(
    (_length, stage) => content.length > (stage === 0 ? limit : (detailForms[stage - 1] ?? 0)),
  )
  return {
    section,
    place,
    steps: [
      { rank, text: text(limit) },
      ...longer.map((length, stage) => ({
        rank: rankOf(band.detail, 1 + stage * 1e6 + detail * 1e5 + (numbers[0] ?? 0)),
        text: text(length),
      })),
    ],
  }
}
