import type { Paint, Tone } from '@trace2/render'
import picocolors from 'picocolors'

/** What decides about colour, as https://no-color.org and https://force-color.org have it. */
export interface ColourEnvironment {
  readonly NO_COLOR?: string | undefined
  readonly FORCE_COLOR?: string | undefined
  readonly TERM?: string | undefined
}

export function wantsColour(isTerminal: boolean, environment: ColourEnvironment): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTerminal && TERM !== 'dumb'
}

/** Colours by meaning; no command names a colour of its own. */
export function painter(colour: boolean): Paint {
  const { dim, bold, yellow, cyan, magenta, green, red } = picocolors.createColors(colour)
  const plain = (text: string) => text
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    plain,
    faint: dim,
    strong: bold,
    parameter: yellow,
    input: cyan,
    feedback: magenta,
    good: green,
    error: red,
  }
  return (tone, text) => (text === '' ? '' : tones[tone](text))
}
