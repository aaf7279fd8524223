export {
  type ComparedScore,
  type ComparedVersion,
  type CompareOptions,
  type Comparison,
  compareVersions,
  sharesName,
} from './compare.ts'
export { type Interval, meanInterval, type Sample } from './interval.ts'
