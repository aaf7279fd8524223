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
  /** Whether values of inputs and outputs leave the process. Default `true`: an optimizer learns from them. */
  readonly captureContent?: boolean
  /** Runs over each value before anything leaves the process. */
  readonly mask?: Mask | undefined
  /** Longest text of one value, in characters; a longer one is cut. Default 65,536. */
  readonly maxValueLength?: number
}

export interface ContentSettings {
  readonly captureContent: boolean
  readonly mask: Mask | undefined
  readonly maxValueLength: number
}

let settings: ContentSettings = { captureContent: true, mask: undefined, maxValueLength: 65_536 }

/** Sets what of the agent's values leaves the process. Options that are not given stay as they are. */
export function configureContent(options: ContentOptions): void {
  settings = { ...settings, ...options }
}

export function contentSettings(): ContentSettings {
  return settings
}
