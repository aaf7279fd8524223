import type { Assembly } from './endpoint.ts'
import { isObject, member, numberOf } from './json.ts'

/** Follows the events of a streamed response; the last one has all of it, unless the stream was left before. */
export class ResponsesAssembly implements Assembly {
  #response: object | undefined
  #isFinal = false
  readonly #items = new Map<number, object>()
  readonly #texts = new Map<number, string>()

  add(event: unknown): void {
    const response = member(event, 'response')
    const at = numberOf(member(event, 'output_index')) ?? 0
    switch (member(event, 'type')) {
      case 'response.created':
      case 'response.in_progress':
        if (isObject(response)) this.#response = response
        return
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        if (isObject(response)) this.#response = response
        this.#isFinal = true
        return
      case 'response.output_item.done': {
        const item = member(event, 'item')
        if (isObject(item)) this.#items.set(at, item)
        return
      }
      case 'response.output_text.delta':
        this.#texts.set(at, (this.#texts.get(at) ?? '') + String(member(event, 'delta')))
        return
      case 'error': {
        const { code = null, message = '' } = isObject(event) ? event : {}
        this.#response = { ...this.#response, status: 'failed', error: { code, message } }
      }
    }
  }

  response(): unknown {
    if (this.#isFinal || !this.#response) return this.#response
    const indices = [...new Set([...this.#texts.keys(), ...this.#items.keys()])].sort(
      (a, b) => a - b,
    )
    const output = indices.map((index) => this.#items.get(index) ?? this.#partial(index))
    return { ...this.#response, output }
  }

  #partial(index: number): object {
    const text = this.#texts.get(index) ?? ''
    return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
  }
}
