import { errorCatalogue } from '@trace2/core'

export const { entries: demoErrors, raise } = errorCatalogue({
  T2_DEMO_MODEL: {
    status: 502,
    remedy:
      'Check OPENAI_API_KEY, OPENAI_BASE_URL and TRACE2_MODEL. Without OPENAI_API_KEY the demo uses its simulated model.',
  },
})
