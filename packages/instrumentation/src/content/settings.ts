import { shared } from '@trace2/core'
import { unrecorded } from '../operator/unrecorded.ts'

/** Which value a {@link Mask} is asked about. */
export interface MaskContext {
  /** Name of the operator. */
  readonly operator: string
  /** `input`, `output` or `error`. */
  readonly direction: 'input' | 'output' | 'error'
  /** Name of the argument; `undefined` for an output or an error. */
  readonly role: string | undefined
}

/** Returns what may leave the process instead of a value; `undefined` withholds it. */
export type Mask = (value: unknown, context: MaskContext) => unknown

export interface ContentOptions {
  /**
   * Whether values of inputs and outputs leave the process; a number between 0 and 1 is the share of traces of which
   * they do. Default `true`: an optimizer learns from them.
   */
  readonly captureContent?: boolean | number
  /** Runs over each value before anything leaves the process. */
  readonly mask?: Mask | undefined
  /** Longest text of one value, in characters; a longer one is cut. Default 65,536. */
  readonly maxValueLength?: number
}

/** What holds for one call. */
export interface ContentSettings {
  readonly captureContent: boolean
  readonly mask: Mask | undefined
  readonly maxValueLength: number
}

const defaults = { captureContent: true, mask: undefined, maxValueLength: 65_536 }
const general = shared('content', (): { options: Required<ContentOptions> } => ({
  options: defaults,
}))

/** Sets what of the agent's values leaves the process. Options that are not given stay as they are. */
export function configureContent(options: ContentOptions): void {
  general.options = { ...general.options, ...options }
}

/** What holds for a call in a trace: the operator's own options, then the general ones. */
export function contentSettings(traceId: string, own: ContentOptions = {}): ContentSettings {
  const captureContent = own.captureContent ?? general.options.captureContent
  return {
    captureContent:
      typeof captureContent === 'boolean' ? captureContent : share(traceId) < captureContent,
    mask: quiet(own.mask ?? general.options.mask),
    maxValueLength: own.maxValueLength ?? general.options.maxValueLength,
  }
}

const quietMasks = new WeakMap<Mask, Mask>()

/** The mask, with nothing recorded of what it does. */
function quiet(mask: Mask | undefined): Mask | undefined {
  if (!mask) return undefined
  const known = quietMasks.get(mask)
  if (known) return known
  const made: Mask = (value, context) => unrecorded(() => mask(value, context))
  quietMasks.set(mask, made)
  return made
}

/** A number between 0 and 1 that is the same for all of a trace, in every process. */
function share(traceId: string): number {
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32
}
