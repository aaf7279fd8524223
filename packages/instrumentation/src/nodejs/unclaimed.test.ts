import { diag } from '@opentelemetry/api'
import { onlyChoice } from '@trace2/core'
import { beforeEach, expect, test, vi } from 'vitest'
import { parameter } from '../parameter/parameter.ts'
import { setParameterValues } from '../parameter/snapshot.ts'
import { reportUnclaimed } from './unclaimed.ts'

const said: string[] = []
beforeEach(() => {
  said.length = 0
  const note = (message: string) => said.push(message)
  diag.setLogger({ error: note, warn: note, info() {}, debug() {}, verbose() {} })
  said.length = 0
})

test('values that no parameter takes are said once, after the program had time to declare its parameters', () => {
  vi.useFakeTimers()
  setParameterValues(
    new Map(['late.prompt', 'old.code'].map((name) => [name, onlyChoice('a value')])),
  )
  const sayNow = reportUnclaimed('trace2.parameters.json')
  parameter('late.prompt', 'declared by a module that is loaded late')
  vi.advanceTimersByTime(9_000)
  expect(said).toEqual([])
  vi.advanceTimersByTime(2_000)
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('T2_PARAMETERS_UNCLAIMED')
  expect(said[0]).toContain('takes: old.code.')
  sayNow()
  expect(said).toHaveLength(1)
  vi.useRealTimers()
})

test('a program that ends before says so at its end', () => {
  setParameterValues(new Map([['gone.code', onlyChoice('a value')]]))
  reportUnclaimed('trace2.parameters.json')()
  expect(said[0]).toContain('gone.code')
})

test('nothing is said where each value has its parameter', () => {
  parameter('taken.prompt', 'x')
  setParameterValues(new Map([['taken.prompt', onlyChoice('y')]]))
  reportUnclaimed('trace2.parameters.json')()
  expect(said).toEqual([])
})
