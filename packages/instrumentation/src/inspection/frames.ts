/** A place in running code, as the runtime names it. */
export interface Frame {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Where the function around it begins, as far as the runtime tells. */
  readonly begins?: { readonly line: number; readonly column: number } | undefined
}

const mostFrames = 4

/**
 * The calls around a call of `factory`, the nearest first. They are places in the code that runs, also where the
 * runtime rewrites the stacks of errors by source maps.
 */
export function framesAbove(factory: (...args: never[]) => unknown): readonly Frame[] {
  if (typeof Error.captureStackTrace !== 'function') return []
  const before = Error.prepareStackTrace
  const frames: Frame[] = []
  try {
    Error.prepareStackTrace = (_error, sites) => {
      for (const site of sites.slice(0, mostFrames)) {
        const [file, line, column] = [
          // What is evaluated has no file, and often a name of its own.
          site.getFileName() ?? site.getScriptNameOrSourceURL(),
          site.getLineNumber(),
          site.getColumnNumber(),
        ]
        if (file && line && column) frames.push({ file, line, column, begins: beginOf(site) })
      }
      return ''
    }
    const holder: { stack?: string } = {}
    Error.captureStackTrace(holder, factory)
    // The stack is made when it is read first.
    void holder.stack
  } catch {
    return []
  } finally {
    Error.prepareStackTrace = before
  }
  return frames
}

/** V8 tells it; its types do not. */
function beginOf(site: NodeJS.CallSite): Frame['begins'] {
  const [line, column] = ['getEnclosingLineNumber', 'getEnclosingColumnNumber'].map((name) => {
    const method: unknown = Reflect.get(site, name)
    return typeof method === 'function' ? Number(Reflect.apply(method, site, [])) : undefined
  })
  return line === undefined || column === undefined ? undefined : { line, column }
}
