export { type Agreement, type AgreementWord, agreement } from './agreement.ts'
export {
  type Calibration,
  type CalibrationErrors,
  type CalibrationMethod,
  calibrate,
} from './calibration.ts'
export {
  type CombinedScore,
  combineRatings,
  type Rater,
  type Rating,
  varianceOfPeople,
} from './combine.ts'
export type { Labelled, ScoreMap } from './isotonic.ts'
export { type JudgeQuality, type JudgeState, judgeQuality } from './judge-quality.ts'
export { krippendorffAlpha, type Level, type RatedUnit } from './krippendorff.ts'
export { type RankCorrelation, rankCorrelation } from './rank-correlation.ts'
export type { RaterOfName } from './ratings.ts'
export { labelsToTell, type Separation, separation } from './separation.ts'
export { type NameTrust, type RaterReport, type TrustOptions, trustIn } from './trust-report.ts'
