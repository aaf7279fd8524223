import { isParameterName, shared, sourceHash } from '@trace2/core'
import { raise } from '../errors.ts'
import { type Frame, framesAbove } from '../inspection/frames.ts'
import type { AnyFunction } from '../operator/options.ts'
import { sourceText } from '../operator/source-text.ts'
import { reportOnce } from '../report.ts'
import type { AuthoredFunction } from './authored.ts'
import { hasMangledName } from './mangled.ts'

/**
 * The name of a function that was recorded without one. A name that a minifier made is none: it is another function's
 * in the next build. A trainable function without a name is named after its source, so that a value accepted for it
 * never reaches another function.
 */
export function operatorName(
  fn: AnyFunction,
  author: AuthoredFunction | undefined,
  trainable: boolean,
  frames: readonly Frame[],
): string {
  if (author?.name !== undefined && isParameterName(author.name)) {
    // A bundler that was told to keep names restores the one that its own text has a number after.
    return /^\d+$/.test(numberAfter(fn.name, author.name)) ? fn.name : author.name
  }
  const source = sourceText(fn)
  if (fn.name !== '' && !hasMangledName(fn, frames)) {
    if (/\D\d$/.test(fn.name) && isBundled()) {
      const what = `The recorded function ${fn.name} may have got its number from a bundler; so may others.`
      reportOnce('warn', raise('T2_OPERATOR_NAME', what), 'numbered')
    }
    return fn.name
  }
  const place = placeOf(frames[0])
  const where = place === undefined ? '' : ` at ${place}`
  const why = fn.name === '' ? 'has no name' : `is called ${fn.name}, as minifiers name`
  const what = `A recorded function${where} ${why}, and is recorded as anonymous; so may others.`
  reportOnce('warn', raise('T2_OPERATOR_NAME', what), 'unnamed')
  return trainable ? claim(`anonymous_${sourceHash(source).slice(0, 8)}`, fn, place) : 'anonymous'
}

/** Whether this code is in one file with the program that records: here, in `identify`, in `bundle`, in the program. */
function isBundled(): boolean {
  const [own, , , program] = framesAbove(isBundled)
  return own !== undefined && own.file === program?.file
}

/** A place without what a development server adds to ask for a module anew. */
function placeOf(frame: Frame | undefined): string | undefined {
  return frame && `${frame.file.replace(/[?#].*$/, '')}:${frame.line}:${frame.column}`
}

interface Claim {
  readonly fn: WeakRef<AnyFunction>
  readonly place: string | undefined
}

const claims = shared('authored.claims', () => new Map<string, Claim>())

/** Two functions of the same text are two functions: the later one gets a number. */
function claim(base: string, fn: AnyFunction, place: string | undefined): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`
    const known = claims.get(name)
    const isSame =
      known && (known.fn.deref() === fn || (place !== undefined && known.place === place))
    if (known && !isSame) continue
    claims.set(name, { fn: new WeakRef(fn), place })
    return name
  }
}

/** What follows a name in another; nothing where the other does not begin with it. */
function numberAfter(name: string, longer: string): string {
  return name !== '' && longer.startsWith(name) ? longer.slice(name.length) : ''
}
