import { shared } from '@trace2/core'
import { unrecorded } from '../operator/unrecorded.ts'

/** Describes the value that a {@link Mask} is given. */
export interface MaskContext {
  /** Name of the operator. */
  readonly operator: string
  /** Whether the value goes into the operator, comes out of it, or is an error that it threw. */
  readonly direction: 'input' | 'output' | 'error'
  /** Name of the argument; `undefined` for an output or an error. */
  readonly role: string | undefined
}

/**
 * Returns the value that may leave the process in place of the given one. `undefined` means that no value leaves it.
 *
 * @example const mask: Mask = (value, { role }) => (role === 'password' ? undefined : value)
 */
export type Mask = (value: unknown, context: MaskContext) => unknown

/** Which values of inputs and outputs leave the process, and in what form. */
export interface ContentOptions {
  /**
   * Whether the values of inputs and outputs are recorded. A number from 0 to 1 is the share of traces in which they
   * are. Default `true`, because an optimizer learns from the values.
   */
  readonly captureContent?: boolean | number | undefined
  /** Replaces or withholds values before they leave the process. It is called for each value. */
  readonly mask?: Mask | undefined
  /** Length at which the text of one value is cut, in characters. Default 65,536. */
  readonly maxValueLength?: number | undefined
}

/** What holds for one call. */
export interface ContentSettings {
  readonly captureContent: boolean
  readonly mask: Mask | undefined
  readonly maxValueLength: number
}

interface GeneralOptions {
  readonly captureContent: boolean | number
  readonly mask: Mask | undefined
  readonly maxValueLength: number
}

const defaults = { captureContent: true, mask: undefined, maxValueLength: 65_536 }
const general = shared('content', (): { options: GeneralOptions } => ({
  options: defaults,
}))

/**
 * Sets which values leave the process, for all operators that have no options of their own. Options that are left out keep
 * their present setting.
 *
 * @example configureContent({ captureContent: 0.1, maxValueLength: 2_000 })
 */
export function configureContent(options: ContentOptions): void {
  const { options: present } = general
  general.options = {
    captureContent: options.captureContent ?? present.captureContent,
    mask: 'mask' in options ? options.mask : present.mask,
    maxValueLength: options.maxValueLength ?? present.maxValueLength,
  }
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
