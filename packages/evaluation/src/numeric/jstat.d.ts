/** The part of jstat that this package uses; jstat has no types of its own. */
declare module 'jstat' {
  interface Distribution<Parameters extends readonly number[]> {
    inv(probability: number, ...parameters: Parameters): number
    cdf(value: number, ...parameters: Parameters): number
  }
  const jstat: {
    readonly normal: Distribution<readonly [mean: number, deviation: number]>
    readonly studentt: Distribution<readonly [degreesOfFreedom: number]>
  }
  export default jstat
}
