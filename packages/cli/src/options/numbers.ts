import { InvalidArgumentError } from 'commander'

/** Any finite number. */
export function numberArgument(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.')
  return number
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = numberArgument(text)
    if (!Number.isInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
    }
    return number
  }
}

/** A port, 0 for any free one. */
export function portArgument(text: string): number {
  const port = wholeNumber(0)(text)
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.')
  return port
}

/** Collects an option that may be given several times. */
export function repeated(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** A number from 0 to 1. */
export function shareArgument(text: string): number {
  const number = numberArgument(text)
  if (number < 0 || number > 1) throw new InvalidArgumentError('It must be from 0 to 1.')
  return number
}
