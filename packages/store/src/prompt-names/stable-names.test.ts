import { describe, expect, it } from 'vitest'
import { callerName, givenName, operatorName, stableName } from './stable-names.ts'

describe('an id per run or call', () => {
  it.each([
    '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    '3F2504E0_4F89_11D3_9A0C_0305E82C3301',
    '3f2504e04f8911d39a0c0305e82c3301',
    '01HZX3QK5V8N2R4T6W8Y0A1B2C',
    '6653f1c2a9b8d7e6f5a4b3c2',
    'V1StGXR8_Z5jdHi6B-myT',
    'tz4a98xxat96iws9zmbrgj3a',
    'abc123DEF456ghi789JKL012',
    '1795000001000',
  ])('%s names nothing, and is left out of longer names', (id) => {
    expect(givenName(id)).toBeNull()
    expect(callerName(id)).toBeNull()
    expect(stableName(`writer ${id}`)).toBe('writer')
    expect(callerName(`writer ${id}`)).toBe('writer')
  })

  it('is no word, model or number of a version', () => {
    for (const name of [
      ...['gpt4_agent', 'agent-2', 'Llama3Instruct70BAgent', 'GPT4oMiniToA2AProxyV2Agent'],
      ...['claude-3-5-sonnet-20261022', 'step_1_of_10_for_q3_fy26', 'text2sql_generator_agent_v2'],
      ...['internationalizationSpecialist', 'INTERNATIONALIZATION_SPECIALIST', 'order.agent_2'],
    ]) {
      expect(givenName(name)).toBe(name)
      expect(callerName(name)).toBe(name)
      expect(operatorName(name, 'agent')).toBe(name)
    }
  })
})

it('a caller loses the counter that its operator loses', () => {
  expect(callerName('Worker 17')).toBe('Worker')
  expect(callerName('Worker #3')).toBe('Worker')
  expect(callerName('order########0')).toBeNull()
})
