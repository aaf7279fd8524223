/** Numbers of runs, ascending, as `1-4,7`. */
export function runList(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] ?? 0
    let last = first
    for (at++; numbers[at] === last + 1; at++) last++
    parts.push(first === last ? `${first}` : `${first}-${last}`)
  }
  return parts.join(',')
}
