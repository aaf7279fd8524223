import type { GateSettings } from '@trace2/evaluation'
import type { Configuration } from '../config/configuration.ts'

/** How a configuration has a gate decide. */
export function gateSettingsOf(config: Configuration | undefined): GateSettings {
  const { policy, ...settings } = config?.gate ?? {}
  return settings
}

/** Whether nothing is accepted without a verdict `better` or a reason. */
export function isBinding(config: Configuration | undefined): boolean {
  return config?.gate?.policy === 'binding'
}
