/** Where a guide can be read: an installed package does not have the documentation. */
export function guideUrl(name: string): string {
  return `https://github.com/trace2/trace2-ts/blob/main/docs/guides/${name}.md`
}
