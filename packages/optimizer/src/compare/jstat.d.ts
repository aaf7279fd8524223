/** What is used of `jstat`, which has no types of its own. */
declare module 'jstat' {
  export const jStat: {
    readonly normal: { inv(p: number, mean: number, std: number): number }
    readonly studentt: { inv(p: number, dof: number): number }
  }
}
