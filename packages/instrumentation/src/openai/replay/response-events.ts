import { type Fields, objectsOf, textOf } from '../json.ts'
import { cutUp } from './chat-chunks.ts'

/**
 * The events in which a response is streamed, as far as they are known: its text in the recorded `pieces`, each item and
 * part added and done. A client puts the same response together from them.
 */
export function responseEvents(response: Fields, pieces: readonly number[] | undefined): Fields[] {
  const begun = { ...response, status: 'in_progress', output: [] }
  const events = [
    { type: 'response.created', response: begun },
    ...objectsOf(response.output).flatMap((item, output_index) =>
      itemEvents(item, pieces).map((event) => ({ ...event, output_index })),
    ),
    { type: endOf(response), response },
  ]
  return events.map((event, sequence_number) => ({ ...event, sequence_number }))
}

function endOf({ status }: Fields): string {
  return status === 'incomplete' || status === 'failed'
    ? `response.${status}`
    : 'response.completed'
}

function itemEvents(item: Fields, pieces: readonly number[] | undefined): Fields[] {
  const { id: item_id } = item
  return [
    {
      type: 'response.output_item.added',
      item: { ...item, status: 'in_progress', ...empty(item) },
    },
    ...contentEvents(item, pieces).map((event) => ({ ...event, item_id })),
    { type: 'response.output_item.done', item },
  ]
}

/** What an item is before its pieces come. */
function empty({ type }: Fields): Fields {
  if (type === 'message') return { content: [] }
  return type === 'function_call' ? { arguments: '' } : {}
}

function contentEvents(item: Fields, pieces: readonly number[] | undefined): Fields[] {
  if (item.type === 'function_call') {
    const args = textOf(item.arguments) ?? ''
    return [
      { type: 'response.function_call_arguments.delta', delta: args },
      { type: 'response.function_call_arguments.done', arguments: args, name: item.name },
    ]
  }
  if (item.type !== 'message') return []
  return objectsOf(item.content).flatMap((part, content_index) =>
    partEvents(part, pieces).map((event) => ({ ...event, content_index })),
  )
}

function partEvents(part: Fields, pieces: readonly number[] | undefined): Fields[] {
  const isText = part.type === 'output_text'
  const key = isText ? 'text' : 'refusal'
  const kind = isText ? 'response.output_text' : 'response.refusal'
  const text = typeof part[key] === 'string' ? part[key] : ''
  return [
    { type: 'response.content_part.added', part: { ...part, [key]: '' } },
    ...cutUp(text, isText ? pieces : undefined).map((delta) => ({ type: `${kind}.delta`, delta })),
    { type: `${kind}.done`, [key]: text },
    { type: 'response.content_part.done', part },
  ]
}
