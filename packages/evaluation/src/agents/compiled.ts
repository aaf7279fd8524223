/**
 * URL of a compiled module beside the one that asks, for processes, which run JavaScript only. The test runner gives
 * modules as they were written; they stand in `src` as their compiled twins do in `dist`.
 */
export function compiledFile(asking: string, file: string): URL {
  const url = new URL(file, asking)
  return asking.endsWith('.ts') ? new URL(url.href.replace('/src/', '/dist/')) : url
}
