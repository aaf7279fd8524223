export { betterOfSeveral } from './candidates/e-bh.ts'
export type {
  Direction,
  MissingPolicy,
  NoScore,
  PairedCase,
  PairedValues,
  Scale,
  Trial,
} from './cases/paired-case.ts'
export { casesOfFixedSample, pairedTTest } from './fixed-sample.ts'
export { decide, Gate } from './gate.ts'
export type {
  ErrorsGuard,
  FallGuard,
  Guard,
  GuardReport,
  MeanRatioGuard,
  RiseGuard,
  TypicalRatioGuard,
} from './guards/guard.ts'
export type { AlphaAllocation, Ledger, LedgerLook } from './ledger/ledger.ts'
export { freshGroups, openLedger, settleLook, takeLook } from './ledger/spending.ts'
export { type Noise, type RepeatsPlan, repeatsFor } from './noise.ts'
export { believedDeviation, type GateOptions } from './options.ts'
export { casesNeeded, type PlanOptions } from './planning.ts'
export type { Basis, Counts, Estimate, GateReport, MoreCases, Verdict } from './report.ts'
export { ConfidenceSequence, type SequenceOptions } from './sequence/confidence-sequence.ts'
