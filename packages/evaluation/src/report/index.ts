export { failureLines } from './failures.ts'
export { markdownReport, type ReportInput } from './markdown.ts'
export {
  basisText,
  effectText,
  guardStanding,
  levelText,
  money,
  moreText,
  movement,
  points,
  severalText,
  spentSentence,
  standsOn,
} from './words.ts'
