export {
  normalDensity,
  normalUpperQuantile,
  normalUpperTail,
  studentUpperQuantile,
} from './distributions.ts'
export { type Random, seeded } from './random.ts'
