import type { Collector } from '@trace2/collector'
import type { AgentRunner } from '@trace2/evaluation'
import type { OpenAIClient } from '@trace2/evaluation/llm'
import { instrumentOpenAI } from '@trace2/instrumentation'
import type { Started } from '@trace2/instrumentation/node'
import {
  type OpenAIClient as OptimizerClient,
  type Strategy,
  type StrategyName,
  strategyNamed,
} from '@trace2/optimizer'
import type { strategyDefinitions } from '@trace2/optimizer/strategies'
import type { SimulatedModel } from '@trace2/simulated-model'
import type { Store } from '@trace2/store'
import OpenAI from 'openai'
import { expectTypeOf, test } from 'vitest'

test('what is started or opened is closed by `await using`', () => {
  expectTypeOf<
    Collector | Store | AgentRunner | Started | SimulatedModel
  >().toExtend<AsyncDisposable>()
})

test('a client of the `openai` package serves to record and to optimize, and stays what it is', () => {
  const client = instrumentOpenAI(new OpenAI({ apiKey: 'none' }))
  expectTypeOf(client).toEqualTypeOf<OpenAI>()
  expectTypeOf(client).toExtend<OpenAIClient>()
  expectTypeOf<OptimizerClient>().toEqualTypeOf<OpenAIClient>()
  // @ts-expect-error It has nothing that can be recorded.
  instrumentOpenAI({ completions: {} })
})

test('a strategy is chosen by its name, with options of their own types', () => {
  expectTypeOf(strategyNamed('candidates', { count: 5 })).toEqualTypeOf<Strategy>()
  type Names = 'optoprime' | 'optoprime-elements' | 'opro' | 'textgrad' | 'candidates' | 'merge'
  expectTypeOf<StrategyName>().toEqualTypeOf<Names>()
  expectTypeOf<keyof typeof strategyDefinitions>().toEqualTypeOf<Names>()
  // @ts-expect-error It is a number.
  strategyNamed('candidates', { count: '5' })
  // @ts-expect-error No strategy has this option.
  strategyNamed('candidates', { counts: 5 })
})
