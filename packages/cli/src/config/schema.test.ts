import { describe, expect, test } from 'vitest'
import { checkConfig } from './schema.ts'

const whole = {
  store: 'trace2.duckdb',
  parameters: 'trace2.parameters.json',
  agent: './src/agent.ts#agent',
  limits: { timeout: 0.5, memory: 512, parallel: 2, trialsPerProcess: 1, environment: { A: 'b' } },
  guides: [{ kind: 'exact' }, () => 1, { name: 'mine', judge: () => 1 }],
  dataset: 'support@2',
  models: { model: 'm', timeout: 10, prices: { m: { input: 0.1, output: 0 } } },
  budgets: { maxCalls: 1, maxCost: 0.5 },
  gate: {
    metric: 'score',
    worth: 0.05,
    alpha: 0.05,
    guards: { costUsd: '+10%', latencyMs: '+20%', errors: '+0', politeness: '-0.05' },
    policy: 'binding',
  },
  replay: { send: { stub: null }, clock: 'live', search: { use: 'recorded', volatile: ['id'] } },
}

describe('a configuration', () => {
  test.each([
    [{}],
    [whole],
    [{ ...whole, agent: { command: ['python', 'agent.py'], directory: 'agents' } }],
    [
      {
        ...whole,
        agent: { url: 'http://127.0.0.1:8080/run', headers: { a: 'b' }, receiverPort: 0 },
      },
    ],
  ])('may be %j', (config) => expect(checkConfig(config)).toEqual({ config }))

  test.each<[unknown, string]>([
    [undefined, 'the configuration is undefined'],
    [[], 'the configuration is a list'],
    [{ limits: [] }, 'limits is a list'],
    [{ limits: { environment: ['A=b'] } }, 'limits.environment is a list'],
    ['store', 'the configuration is "store"'],
    [{ stroe: 'x' }, 'there is no member stroe'],
    [{ store: '' }, 'store is empty'],
    [{ store: 1 }, 'store is 1; it has to be string'],
    [{ store: null }, 'store is null'],
    [{ agent: { command: 'python agent.py' } }, 'agent is neither'],
    [{ agent: { command: [] } }, 'agent'],
    [{ agent: { url: 'localhost:80' } }, 'agent'],
    [{ agent: { command: ['a'], url: 'http://x' } }, 'agent is neither'],
    [{ limits: { timeout: 0 } }, 'limits.timeout is not above 0'],
    [{ limits: { timeout: '30s' } }, 'limits.timeout is "30s"; it has to be number'],
    [{ limits: { memory: 1 } }, 'limits.memory is below 16'],
    [{ limits: { parallel: 1.5 } }, 'limits.parallel is no whole number'],
    [{ limits: { environment: { A: 1 } } }, 'limits.environment.A is 1'],
    [{ limits: { paralel: 2 } }, 'there is no member limits.paralel'],
    [{ guides: { kind: 'exact' } }, 'guides is Object; it has to be Array'],
    [{ guides: ['exact'] }, 'guides.0 is no guide'],
    [{ guides: [null] }, 'guides.0 is no guide'],
    [{ budgets: { maxCost: -1 } }, 'budgets.maxCost is below 0'],
    [{ budgets: { maxCost: Number.NaN } }, 'budgets.maxCost'],
    [{ models: { prices: { m: { input: 1 } } } }, 'models.prices.m.output'],
    [{ gate: { worth: 1 } }, 'gate.worth is not below 1'],
    [{ gate: { alpha: 0.7 } }, 'gate.alpha is above 0.5'],
    [{ gate: { guards: { costUsd: '-10%' } } }, 'gate.guards.costUsd is no rise such as +10%'],
    [{ gate: { guards: { costUsd: 0.1 } } }, 'gate.guards.costUsd is 0.1'],
    [{ gate: { policy: 'strict' } }, 'gate.policy'],
    [{ replay: { send: 'never' } }, 'replay.send is neither live'],
    [{ replay: { send: { stub: 1, other: 2 } } }, 'replay.send'],
  ])('is none where it is %j', (config, fault) => {
    expect(checkConfig(config)).toEqual({ faults: [expect.stringContaining(fault)] })
  })

  test('says all that is wrong at once', () => {
    expect(checkConfig({ store: 1, gate: { alpha: 2 } })).toEqual({
      faults: [expect.stringMatching(/^store /), expect.stringMatching(/^gate\.alpha /)],
    })
  })
})
