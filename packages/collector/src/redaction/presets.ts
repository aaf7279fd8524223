export type PresetName = 'email' | 'credit-card' | 'phone' | 'ipv4' | 'jwt' | 'api-key' | 'us-ssn'

export interface Preset {
  readonly expression: string
  /**
   * Is in every text that the expression matches. The engine of the platform finds it many times quicker than RE2 here
   * finds that there is no match; it has no repetition without a bound, so that it takes linear time as well.
   */
  readonly sign: RegExp
  /** What the expression alone cannot tell. */
  readonly accepts: (match: string) => boolean
}

const whatever = () => true

/** Patterns for what is most often not to be kept. They find forms, not meanings. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  email: {
    sign: /@/,
    expression: '[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}',
    accepts: whatever,
  },
  'credit-card': {
    sign: /\d(?:[ -]?\d){12}/,
    expression: '\\b\\d(?:[ -]?\\d){12,18}\\b',
    accepts: passesLuhn,
  },
  phone: {
    sign: /\+\d/,
    expression: '\\+\\d{1,3}(?:[ ./-]?\\(?\\d{1,4}\\)?){2,6}',
    accepts: whatever,
  },
  ipv4: {
    sign: /\d\.\d/,
    expression: '\\b(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\b',
    accepts: whatever,
  },
  jwt: { sign: /eyJ/, expression: '\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]{8,}', accepts: whatever },
  'api-key': {
    sign: /(?:sk|pk|rk|ghp|gho|xox|AKIA|AIza)[-_]?[\w-]{16}|bearer [\w.~+/-]{16}/i,
    expression:
      '\\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|AIza)[-_]?[A-Za-z0-9_-]{16,}|(?i:bearer) [\\w.~+/-]{16,}=*',
    accepts: whatever,
  },
  'us-ssn': { sign: /\d-\d\d-\d/, expression: '\\b\\d{3}-\\d{2}-\\d{4}\\b', accepts: whatever },
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
