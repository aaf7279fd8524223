// The door to jstat. It was chosen for its t and normal quantiles in one package without dependencies: those of
// @stdlib bring 227 packages (26 MB), simple-statistics has no t quantile.
import jstat from 'jstat'

/** Probabilities below this are taken to be it: the value 37 standard deviations out is as good as never met. */
const smallest = 1e-300

/** The value that a standard normal variable exceeds with a probability. */
export function normalUpperQuantile(probability: number): number {
  return -jstat.normal.inv(Math.max(probability, smallest), 0, 1)
}

/** The probability with which a standard normal variable exceeds a value. */
export function normalUpperTail(value: number): number {
  return jstat.normal.cdf(-value, 0, 1)
}

/** Density of the standard normal distribution. */
export function normalDensity(value: number): number {
  return Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)
}

/** The value that Student's t exceeds with a probability. */
export function studentUpperQuantile(probability: number, degreesOfFreedom: number): number {
  return -jstat.studentt.inv(probability, degreesOfFreedom)
}
