import { bundle } from '@trace2/instrumentation'

// biome-ignore format: its author writes no blanks.
export const plain = bundle('plain', n=>n*2)
