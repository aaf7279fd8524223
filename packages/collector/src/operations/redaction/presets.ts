export type PresetName = 'email' | 'credit-card' | 'phone' | 'ipv4' | 'jwt' | 'api-key' | 'us-ssn'

export interface Preset {
  readonly expression: string
  /** What the expression alone cannot tell. */
  readonly accepts: (match: string) => boolean
}

const whatever = () => true

/** Patterns for what is most often not to be kept. They find forms, not meanings. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  email: {
    expression: '[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}',
    accepts: whatever,
  },
  'credit-card': { expression: '\\b\\d(?:[ -]?\\d){12,18}\\b', accepts: passesLuhn },
  phone: { expression: '\\+\\d{1,3}(?:[ ./-]?\\(?\\d{1,4}\\)?){2,6}', accepts: whatever },
  ipv4: {
    expression: '\\b(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\b',
    accepts: whatever,
  },
  jwt: { expression: '\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]{8,}', accepts: whatever },
  'api-key': {
    expression:
      '\\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|AIza)[-_]?[A-Za-z0-9_-]{16,}|(?i:bearer) [\\w.~+/-]{16,}=*',
    accepts: whatever,
  },
  'us-ssn': { expression: '\\b\\d{3}-\\d{2}-\\d{4}\\b', accepts: whatever },
}

/** The check digit of card numbers (ISO/IEC 7812-1). */
function passesLuhn(match: string): boolean {
  const digits = [...match.replace(/\D/g, '')].reverse().map(Number)
  const sum = digits.reduce((total, digit, at) => {
    const weighed = at % 2 === 0 ? digit : digit * 2
    return total + (weighed > 9 ? weighed - 9 : weighed)
  }, 0)
  return sum % 10 === 0
}
