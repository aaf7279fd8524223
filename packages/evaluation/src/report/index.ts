export { markdownReport, type ReportInput } from './markdown.ts'
export {
  effectText,
  money,
  moreText,
  movement,
  points,
  spentSentence,
  standsOn,
} from './words.ts'
