import { findOrigins } from './lineage/origins.ts'
import type { Source } from './lineage/templates.ts'
import { isNode } from './node.ts'
import { currentState, readParameter } from './operator/frame.ts'
import { isParameter } from './parameter/parameter.ts'

/**
 * Makes a text and remembers which values went into it. An operator that receives the text has an edge of the kind
 * `template` from the origin of each value, and its span keeps the static text. Values may be plain values, nodes,
 * parameters and other texts made by `t`.
 *
 * @example const prompt = t`${system}\n\n${ticket.body}`
 */
export function t(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const run = currentState()
  const sources: Source[] = []
  let text = strings[0] ?? ''
  let staticText = text
  let places = 0
  for (const [index, value] of values.entries()) {
    const literal = strings[index + 1] ?? ''
    const { matches, template } = findOrigins(value, run)
    for (const { origin, use } of matches) sources.push({ origin, use })
    text += String(plainValue(value)) + literal
    if (template === undefined) {
      staticText += `{${places++}}${literal}`
    } else {
      const first = places
      staticText += template.replace(/\{(\d+)\}/g, (_place, number: string) => {
        places = Math.max(places, first + Number(number) + 1)
        return `{${first + Number(number)}}`
      })
      staticText += literal
    }
  }
  // An equal text that was made without any origin leaves none that is certain.
  if (sources.length > 0 || run.lineage.templates.find(text)) {
    run.lineage.templates.add(text, { text: staticText, sources })
  }
  return text
}

function plainValue(value: unknown): unknown {
  if (isParameter(value)) return readParameter(value).value
  return isNode(value) ? value.value : value
}
