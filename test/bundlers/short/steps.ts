import { bundle } from '@trace2/instrumentation'
import { head } from './text.ts'

export const double = bundle('double', (n: number) => n * 2)
export const join = bundle('join', (a: string, b: string): string => {
  return a + b
})
export const trimmed = bundle(function f(x: string) {
  return x.trim()
})
const h = (v: string): string => v.trimEnd()
export const ended = bundle(h)
export const first = bundle('first', head)
export class Desk {
  readonly up = bundle('up', (w: string) => w.toUpperCase())
}
// biome-ignore format: its author writes no blanks.
export const tight = bundle('tight', (n:number)=>n*2)
