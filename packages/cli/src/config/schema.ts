import * as v from 'valibot'
import type { Trace2Config } from './trace2-config.ts'

// The library takes a list for an object without members.
const noList = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'is a list; it has to be an object'),
)
const strict = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(noList, v.strictObject(entries))
const record = <Value extends v.GenericSchema>(value: Value) =>
  v.pipe(noList, v.record(v.string(), value))

const text = v.pipe(v.string(), v.nonEmpty('is empty'))
const texts = record(v.string())
const whole = (least: number) =>
  v.pipe(v.number(), v.safeInteger('is no whole number'), v.minValue(least, `is below ${least}`))
const positive = v.pipe(v.number(), v.finite('is not finite'), v.gtValue(0, 'is not above 0'))
const notNegative = v.pipe(v.number(), v.finite('is not finite'), v.minValue(0, 'is below 0'))
const port = v.pipe(whole(0), v.maxValue(65_535, 'is above 65535'))

const agent = v.union(
  [
    text,
    strict({
      command: v.pipe(v.array(text), v.nonEmpty('is empty')),
      directory: v.exactOptional(text),
    }),
    strict({
      url: v.pipe(
        v.string(),
        v.check(
          (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
          'is no address that begins with http:// or https://',
        ),
      ),
      headers: v.exactOptional(texts),
      receiverPort: v.exactOptional(port),
    }),
  ],
  'is neither "./file.ts#export" nor { command: ["…"] } nor { url: "…" }',
)

const limits = strict({
  timeout: v.exactOptional(positive),
  memory: v.exactOptional(whole(16)),
  parallel: v.exactOptional(whole(1)),
  trialsPerProcess: v.exactOptional(whole(1)),
  environment: v.exactOptional(texts),
})

const guide = v.custom<NonNullable<Trace2Config['guides']>[number]>(
  (value) =>
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      (('judge' in value && typeof value.judge === 'function') || 'kind' in value)),
  'is no guide: { kind: "contains", text: "…" }, an object with a function judge, or a function',
)

const models = strict({
  model: v.exactOptional(text),
  cheapModel: v.exactOptional(text),
  judgeModel: v.exactOptional(text),
  timeout: v.exactOptional(whole(1)),
  maxAnswerTokens: v.exactOptional(whole(1)),
  context: v.exactOptional(whole(256)),
  concurrency: v.exactOptional(whole(1)),
  callsPerMinute: v.exactOptional(whole(1)),
  tokensPerMinute: v.exactOptional(whole(1)),
  prices: v.exactOptional(record(strict({ input: notNegative, output: notNegative }))),
})

const budgets = strict({
  maxCalls: v.exactOptional(whole(1)),
  maxTotalTokens: v.exactOptional(whole(1)),
  maxCost: v.exactOptional(notNegative),
  maxTrials: v.exactOptional(whole(1)),
  maxTime: v.exactOptional(whole(1)),
})

const gate = strict({
  metric: v.exactOptional(text),
  worth: v.exactOptional(v.pipe(positive, v.ltValue(1, 'is not below 1'))),
  affordable: v.exactOptional(whole(1)),
  alpha: v.exactOptional(v.pipe(positive, v.maxValue(0.5, 'is above 0.5'))),
  guards: v.exactOptional(
    v.record(
      v.string(),
      v.pipe(
        v.string(),
        v.regex(
          /^\s*(\+?\s*\d+(\.\d+)?\s*%?|-\s*\d+(\.\d+)?)\s*$/,
          'is no rise such as +10% or +0, nor a fall of a score such as -0.05',
        ),
      ),
    ),
  ),
  missing: v.exactOptional(v.picklist(['worst score', 'both ways'])),
  policy: v.exactOptional(v.picklist(['advise', 'binding'])),
})

const use = v.picklist(['live', 'recorded', 'recorded-or-live'])
const replay = record(
  v.union(
    [
      use,
      strict({
        use: v.exactOptional(use),
        stub: v.exactOptional(v.custom<null>((value) => value !== undefined)),
        volatile: v.exactOptional(v.array(text)),
      }),
    ],
    'is neither live, recorded nor recorded-or-live, nor { use, stub, volatile }',
  ),
)

/** What a configuration has to be. Members that nobody knows are mistakes: they would be without effect. */
export const configSchema = strict({
  store: v.exactOptional(text),
  parameters: v.exactOptional(text),
  agent: v.exactOptional(agent),
  limits: v.exactOptional(limits),
  guides: v.exactOptional(v.array(guide)),
  dataset: v.exactOptional(text),
  models: v.exactOptional(models),
  budgets: v.exactOptional(budgets),
  gate: v.exactOptional(gate),
  replay: v.exactOptional(replay),
}) satisfies v.GenericSchema<unknown, Trace2Config>

/** The configuration that a value is, or what is wrong with it, each with its place. */
export function checkConfig(
  value: unknown,
): { readonly config: Trace2Config } | { readonly faults: readonly string[] } {
  const { success, output, issues } = v.safeParse(configSchema, value)
  return success ? { config: output } : { faults: issues.map(faultText) }
}

function faultText(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue)
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `there is no member ${place ?? issue.received}`
  }
  const what = own.test(issue.message)
    ? issue.message
    : `is ${issue.received}${issue.expected === null ? '' : `; it has to be ${issue.expected}`}`
  return place === null ? `the configuration ${what}` : `${place} ${what}`
}

/** Messages that say what a value is; those of the library say what type it has. */
const own = /^is /
