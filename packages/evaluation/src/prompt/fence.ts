import { sha256 } from '@trace2/core'

/**
 * Puts content from runs between tags that the content cannot imitate. Both tags carry a token that is derived from the
 * content of the whole prompt and that no content contains. Everything between the tags is data.
 */
export interface Fence {
  readonly token: string
  element(
    tag: string,
    attributes: { readonly [name: string]: string | number },
    content: string,
  ): string
}

/** A fence whose token occurs in none of the contents. */
export function fenceFor(contents: readonly string[]): Fence {
  const seed = sha256(JSON.stringify(contents))
  for (let attempt = 0; ; attempt++) {
    const number = Number.parseInt(sha256(`${seed} ${attempt}`).slice(0, 12), 16)
    const token = `k${number.toString(36).slice(-5).padStart(5, '0')}`
    if (!contents.some((content) => content.includes(token))) return fence(token)
  }
}

function fence(token: string): Fence {
  return {
    token,
    element(tag, attributes, content) {
      const written = Object.entries(attributes)
        .map(([name, value]) => ` ${name}="${attributeText(String(value))}"`)
        .join('')
      return `<${tag}${written} fence="${token}">\n${content}\n</${tag} fence="${token}">\n`
    },
  }
}

/** Attribute values are names and numbers; what could end one, or is not ASCII, is taken out. */
function attributeText(text: string): string {
  return text.replace(/[^!#-%'-;=?-~]+/g, '_')
}
