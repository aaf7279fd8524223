import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes a directory for one demo, `<parent>/1`, `<parent>/2` …, so that no earlier one is touched. */
export async function makeDirectory(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true })
  for (let number = 1; ; number++) {
    const directory = join(parent, String(number))
    try {
      await mkdir(directory)
      return directory
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}
