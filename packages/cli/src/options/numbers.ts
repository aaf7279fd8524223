import { InvalidArgumentError } from 'commander'

/** Any finite number. */
export function numberArgument(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) throw new InvalidArgumentError('It must be a number.')
  return number
}

/** A whole number from `least` to `most`; beyond the default not every one can be told from the next. */
export function wholeNumber(
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const number = numberArgument(text)
    if (!Number.isInteger(number) || number < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
    }
    if (number > most) throw new InvalidArgumentError(`It must be at most ${most}.`)
    return number
  }
}

/** A number of seconds for which something can be waited: timers of Node.js go as far as about 24 days. */
export const secondsArgument = wholeNumber(1, 2_147_483)

/** An amount, in US dollars for example: 0 or more. */
export function amountArgument(text: string): number {
  const amount = numberArgument(text)
  if (amount < 0) throw new InvalidArgumentError('It must not be below 0.')
  return amount
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
