import { errorCatalogue } from '@trace2/core'

/** Every error of source text that is a value: reading it, what it needs, running it. By code. */
export const { entries: sourceErrors, raise } = errorCatalogue({
  T2_CODE_SOURCE: {
    status: 400,
    remedy: 'Give the code parameter the source text of one function with the same signature.',
  },
  T2_CODE_NAMES: {
    status: 400,
    remedy:
      'Declare what the function uses: `bundle(fn, { trainable: true, uses: { helper, limit } })`, or pass it as an argument.',
  },
  T2_CODE_ISOLATION: {
    status: 500,
    remedy:
      "Call `await enableIsolation()` from '@trace2/instrumentation/isolation' before changed code is run.",
  },
  T2_CODE_LIMIT: {
    status: 500,
    remedy:
      'Propose code that ends sooner and needs less memory, or raise the limits of the isolation.',
  },
  T2_CODE_VALUE: {
    status: 400,
    remedy:
      'Give trainable functions arguments and results that can cross into isolation: data, functions and instances can.',
  },
})
