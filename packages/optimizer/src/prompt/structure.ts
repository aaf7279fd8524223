import { identifier } from '@trace2/core'
import type { Fence } from '@trace2/evaluation/prompt'
import { excerpt } from '@trace2/evaluation/prompt'
import { type Batch, type Group, nodeNames, type ShapeEdge } from '../batch/index.ts'
import type { Piece } from './assemble.ts'
import { band, rankOf } from './rank.ts'
import { runList } from './run-list.ts'

/** Lines of a group's code that are shown before anything of its further runs. */
const firstLines = 24
/** Where room is short, further lines and further runs come by turns: so many lines before each. */
const linesPerRun = 8

/**
 * The code of each group: one line per operator on a path. Only names stand in it, reduced to identifiers, so that
 * it needs no fence. Lines nearest to the feedback and to the variables come first when room is short.
 */
export function codePieces(batch: Batch): Piece[] {
  return batch.groups.flatMap((group, order) => {
    const names = nodeNames(group.shape)
    const into = new Map<number, ShapeEdge[]>()
    for (const edge of group.shape.edges) {
      const known = into.get(edge.to)
      if (known) known.push(edge)
      else into.set(edge.to, [edge])
    }
    const deepest = group.shape.nodes.reduce((most, { level }) => Math.max(most, level), 0)
    const lines = group.shape.nodes.flatMap(({ node, onPath, level, target }, at) => {
      if (!onPath || node.kind === 'parameter' || node.kind === 'input') return []
      const distance = target ? 0 : Math.min(level, deepest - level)
      const note = [node.kind === 'exception' ? 'throws' : '', target ? 'feedback is on this' : '']
        .filter((word) => word !== '')
        .join(', ')
      const line = () =>
        `${names[at]} = ${identifier(node.op, 'operator')}${callText(into.get(at) ?? [], names, group.shape.nodes)}${note && ` # ${note}`}\n`
      return [{ at, distance, line }]
    })
    const nearest = new Map(
      lines
        .toSorted((a, b) => a.distance - b.distance || a.at - b.at)
        .map(({ at }, place) => [at, place]),
    )
    const pieces: Piece[] = lines.map(({ at, line }) => {
      const place = nearest.get(at) ?? 0
      const rank =
        place < firstLines
          ? rankOf(band.lead, order, 100 + place)
          : rankOf(
              band.run,
              order + Math.ceil((place - firstLines + 1) / linesPerRun),
              9000 + (place % linesPerRun),
            )
      return { section: 'Code', place: [order, at], steps: [{ rank, text: line }] }
    })
    const header = `Group ${group.label}, runs ${runList(group.runs.map(({ number }) => number))}:\n`
    const rank = rankOf(band.lead, order, 99)
    pieces.push({
      section: 'Code',
      place: [order, -1],
      steps: [{ rank, text: () => header }],
    })
    return pieces
  })
}

/** `(ticket=ticket, prompt=template(system, body/0)) containing search1`. */
function callText(
  edges: readonly ShapeEdge[],
  names: readonly string[],
  nodes: Group['shape']['nodes'],
): string {
  const inside: string[] = []
  const roles = new Map<string, string[]>()
  for (const { from, role, pointer } of edges) {
    const source = `${names[from]}${placeText(pointer)}`
    if (role === 'contains') {
      // What is not on a path has no line of its own: its name would say nothing.
      if (nodes[from]?.onPath) inside.push(source)
    } else if (roles.has(role)) roles.get(role)?.push(source)
    else roles.set(role, [source])
  }
  const call = [...roles]
    .map(([role, sources]) =>
      sources.length === 1
        ? `${identifier(role, 'input')}=${sources[0]}`
        : `${identifier(role, 'input')}=made_of(${sources.join(', ')})`,
    )
    .join(', ')
  return `(${call})${inside.length > 0 ? ` containing ${inside.join(', ')}` : ''}`
}

/** Where in a value, as a pointer. */
function placeText(pointer: string): string {
  if (pointer === '') return ''
  const place = identifier(pointer, 'place')
  return place.startsWith('/') ? place : `/${place}`
}

/** What each operator on a path does, once per distinct text, and the templates it fills. */
export function documentationPieces(batch: Batch, fence: Fence): Piece[] {
  const seen = new Set<string>()
  const pieces: Piece[] = []
  const add = (tag: string, attributes: { readonly [name: string]: string }, content: string) => {
    const key = JSON.stringify([tag, attributes, content])
    if (content === '' || seen.has(key)) return
    const order = seen.size
    seen.add(key)
    const text = (limit: number) => () =>
      fence.element(tag, attributes, excerpt(content, limit, new Map()))
    pieces.push({
      section: 'Documentation',
      place: [order],
      steps: [
        // By turns with further runs: what an operator does tells more than yet another run.
        { rank: rankOf(band.run, order + 1, 0), text: text(400) },
        ...(content.length > 400
          ? [{ rank: rankOf(band.detail, 0, order), text: text(Number.POSITIVE_INFINITY) }]
          : []),
      ],
    })
  }
  for (const group of batch.groups) forGroup(group, add)
  return pieces
}

function forGroup(
  group: Group,
  add: (tag: string, attributes: { readonly [name: string]: string }, content: string) => void,
): void {
  for (const { node, onPath } of group.shape.nodes) {
    if (!onPath || node.kind === 'parameter' || node.kind === 'input') continue
    const name = identifier(node.op, 'operator')
    add('operator', { name }, node.description)
    for (const [role, template] of Object.entries(node.templates)) {
      add('template', { operator: name, role: identifier(role, 'input') }, template)
    }
  }
}
