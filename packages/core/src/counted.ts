/** A number as people read it: `1,204`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** A number of things, the same in every text of the project: `1 run`, `3 runs`, `1,204 runs`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}
