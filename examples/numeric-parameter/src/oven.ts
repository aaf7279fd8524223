import { bundle, parameter } from '@trace2/instrumentation'

/** What the loop is to find: a temperature at which the bread turns out well. Nobody tells it the right one. */
export const temperature = parameter('oven.temperature', 120, {
  description: 'Temperature of the oven in degrees Celsius.',
  schema: { type: 'number', minimum: 50, maximum: 290 },
})

/** A loaf as the baker finds it. */
export interface Loaf {
  /** From 0, raw, to 1, burnt. */
  readonly brownness: number
}

/** Bakes a loaf for half an hour. */
export const bake = bundle('bake', (degrees: number): Loaf => {
  /** How brown a loaf gets at this temperature. */
  return { brownness: Math.min(1, Math.max(0, (degrees - 80) / 250)) }
})

/** What the baker says about a loaf; nothing where it is as it should be. */
export function taste({ brownness }: Loaf): string | undefined {
  const off = brownness - 0.5
  if (Math.abs(off) < 0.05) return undefined
  const far = Math.abs(off) > 0.25 ? 'far ' : Math.abs(off) < 0.1 ? 'a little ' : ''
  return off < 0
    ? `Pale and wet inside. The temperature is ${far}too low.`
    : `Burnt at the edges. The temperature is ${far}too high.`
}
