export { type Batch, type BatchRun, type Group, makeBatch, type PlacedFeedback } from './batch.ts'
export { nodeNames } from './names.ts'
export { type Shape, type ShapeEdge, type ShapeNode, shapeOf } from './shape.ts'
