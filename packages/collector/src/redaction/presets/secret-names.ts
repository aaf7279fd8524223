/**
 * Names under which secrets stand, in the languages and spellings that are common. A `strong` one has a secret as its
 * value, whatever that looks like; a `weak` one may have anything, and its value must look like a secret.
 */
const strong = [
  'pass[ _-]?(?:word|wd|phrase|code|key)',
  'passwort|kennwort|contrase(?:ñ|n)a|mot[ _-]de[ _-]passe|senha|parola|has(?:l|ł)o|wachtwoord|l(?:ö|o)senord|salasana|adgangskode|heslo|jelsz(?:ó|o)|şifre',
  'парол[ья]|секрет|密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|كلمة المرور|كلمة السر|סיסמה|पासवर्ड|รหัสผ่าน|mật khẩu|κωδικός',
  'secret|mnemonic',
  '(?:seed|recovery|backup|security|verification|one[ _-]?time|mfa|2fa|sms|auth)[ _-]?(?:phrase|code)',
  'private[ _-]?key|client[ _-]?secret|connection[ _-]?string',
]
/** Only where no letter stands before them. */
const strongAlone = 'pass|pwd|pswd|pw|pin|cvv2?|cvc2?|otp|totp|mdp|creds?|credentials?'
const weak = [
  'token',
  '(?:api|app|application|access|secret|account|auth|encryption|signing|master|shared|subscription|storage|service|ssh|deploy|admin|server|write|webhook|consumer|licen[cs]e|function|session|user|rsa|hmac|jwt|aes|crypt|primary|secondary|host|project|org|team|bot|dd|openai|anthropic|google|azure|aws|datadog|stripe|twilio|sendgrid|mailgun)[ _-]?key(?:[ _-]?id)?',
  'authorization|signature|set-cookie|session[ _-]?secret|webhook[ _-]?url',
  'php_?sessid|jsessionid|asp\\.net_sessionid|connect\\.sid',
]
const weakAlone = 'auth|bearer|sig|cookies?|dsn|sas|jwt|sid|sessionid'

const rest =
  '(?:[ _-]?(?:value|text|raw|plain|hash|code|b64|base64|old|new|current|prod(?:uction)?|stag(?:e|ing)|dev|test|live|main|eu|us|db|admin|root|v?\\d{1,3})){0,2}'
// Scripts without spaces between words have no end of a word.
const letter = 'A-Za-z\\u00aa-\\u1fff'
const alone = (names: string) => `(?:(?<![${letter}])|(?<=[a-z])(?=[A-Z]))(?:${names})`
const end = `${rest}(?![${letter}\\d]|[_-][${letter}])`

/** How surely what stands under a name is a secret. */
export type Strength = 'strong' | 'weak'

/** Each place at which such a name ends may be followed by its value. */
export const secretName = new RegExp(
  `(?<strong>(?:${strong.join('|')}|${alone(strongAlone)}))${end}|(?:${weak.join('|')}|${alone(weakAlone)})${end}`,
  'giu',
)
const wholeStrong = new RegExp(`(?:${strong.join('|')}|${alone(strongAlone)})${rest}$`, 'iu')
const wholeWeak = new RegExp(`(?:${weak.join('|')}|${alone(weakAlone)})${rest}$`, 'iu')
/** Names that only look like one. */
const other =
  /(?:cache|primary|foreign|partition|sort|idempotency|public|next|prev|previous|page|continuation|eos|bos|pad|unk|stop|start|end|first|last|max|min|per|each)[ _.-]?(?:page[ _-]?)?(?:key|token)$|by[ _-]?pass$|(?:publishable|anon)[ _-]?key$/i

const MAX_NAME = 200
const MAX_KNOWN = 10_000
const known = new Map<string, Strength | undefined>()

/** How surely the value of a member, attribute or flag of this name is a secret; `undefined` for other names. */
export function strengthOf(name: string): Strength | undefined {
  if (name.length > MAX_NAME) return undefined
  if (known.has(name)) return known.get(name)
  const strength = other.test(name)
    ? undefined
    : wholeStrong.test(name)
      ? 'strong'
      : wholeWeak.test(name)
        ? 'weak'
        : undefined
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(name, strength)
  return strength
}
