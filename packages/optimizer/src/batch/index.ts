export {
  type Batch,
  type BatchRun,
  type Group,
  makeBatch,
  type ShapeFeedback,
  subBatch,
} from './batch.ts'
export { type Digest, digestOf, type Pass, type UsedVersion } from './digest.ts'
export { deciding, isGood, type Measures, measuresOf, type Scores, scoresOf } from './measures.ts'
export { nodeNames } from './names.ts'
export { type Sample, sampleRuns } from './sample.ts'
export { type Shape, type ShapeEdge, type ShapeNode, shapeOf } from './shape.ts'
