export { type Collector, type CollectorOptions, startCollector } from './collector.ts'
export { collectorErrors } from './errors.ts'
