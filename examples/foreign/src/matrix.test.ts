import { expect, test } from 'vitest'
import { type Line, matrixOf } from './matrix.ts'
import { clearName, named, programs } from './programs.ts'

const known = programs()
const labels = (wanted: string) =>
  named(wanted, known).map(({ name, language }) => `${language}:${name}`)

test('a name that both languages have means both, and one with its language', () => {
  expect(labels('google-adk')).toEqual(['npm:google-adk', 'python:google-adk'])
  expect(labels('python:google-adk')).toEqual(['python:google-adk'])
  expect(labels('npm:mastra')).toEqual(['npm:mastra'])
  expect(labels('python:mastra')).toEqual([])
})

test('every program has a name that means no other', () => {
  const names = known.map((program) => clearName(program, known))
  expect(names.filter((name) => named(name, known).length !== 1)).toEqual([])
  expect(names).toContain('mastra')
})

test('programs of one name are told apart by their language', () => {
  const lines: Line[] = (['npm', 'python'] as const).map((language) => ({
    name: 'google-adk',
    language,
    missing: 'it failed here',
  }))
  const matrix = matrixOf(lines)
  expect(matrix).toContain('- `google-adk` (JavaScript): it failed here')
  expect(matrix).toContain('- `google-adk` (Python): it failed here')
})
