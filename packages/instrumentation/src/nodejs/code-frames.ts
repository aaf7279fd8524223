import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { markedLines } from '@trace2/core'
import { errorName, stackOf } from '../content/kinds.ts'
import { useCodeFrames } from '../operator/failure.ts'

const cachedFiles = 64
const files = new Map<string, readonly string[]>()

/** Gives exceptions a code frame from the source files that their stacks name. */
export function enableCodeFrames(): void {
  useCodeFrames(readFrame)
}

function readFrame(error: Error): string | undefined {
  for (const line of stackOf(error)?.split('\n') ?? []) {
    const place = /^\s+at (?:.*?\()?(.+?):(\d+):(\d+)\)?$/.exec(line)
    const path = place?.[1] && localPath(place[1])
    if (!path || path.includes('node_modules')) continue
    const lines = linesOf(path)
    if (lines) return markedLines(lines, Number(place[2]), errorName(error))
  }
  return undefined
}

function localPath(place: string): string | undefined {
  try {
    if (place.startsWith('file:')) return fileURLToPath(place)
  } catch {
    return undefined
  }
  return place.startsWith('/') || /^[A-Za-z]:[\\/]/.test(place) ? place : undefined
}

function linesOf(path: string): readonly string[] | undefined {
  let lines = files.get(path)
  if (lines) return lines
  try {
    lines = readFileSync(path, 'utf8').split('\n')
  } catch {
    return undefined
  }
  if (files.size >= cachedFiles) files.clear()
  files.set(path, lines)
  return lines
}
