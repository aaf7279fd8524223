import type { Random } from './random.ts'

/** Makes one secret of a kind, of which nothing is real; what is secret of it may be marked. */
export type Maker = (random: Random) => string

const OPEN = '\ue000'
const CLOSE = '\ue001'
/** Marks what is secret where a text says more. */
const core = (text: string) => `${OPEN}${text}${CLOSE}`

/** A text without its marks, and what was marked: all of it where nothing is. */
export function coresOf(marked: string): {
  readonly text: string
  readonly cores: readonly string[]
} {
  const cores = [...marked.matchAll(/\ue000([^\ue001]*)\ue001/g)].map(([, inside = '']) => inside)
  const text = marked.replaceAll(OPEN, '').replaceAll(CLOSE, '')
  return { text, cores: cores.length > 0 ? cores : [text] }
}

const HEX = '0123456789abcdef'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const after =
  (prefix: string, length: number, alphabet?: string): Maker =>
  (random) =>
    prefix + random.text(length, alphabet)

/** Keys as services give them. */
export const keys: Readonly<Record<string, Maker>> = {
  openai: (r) => `sk-proj-${r.text(48)}T3BlbkFJ${r.text(20)}`,
  'openai old': after('sk-', 48),
  anthropic: (r) => `sk-ant-api03-${r.text(40)}_${r.text(40)}-${r.text(10)}AA`,
  openrouter: after('sk-or-v1-', 64, HEX),
  groq: after('gsk_', 52),
  xai: after('xai-', 80),
  huggingface: after('hf_', 34),
  replicate: after('r8_', 37),
  'github classic': after('ghp_', 36),
  'github app': after('ghs_', 36),
  'github fine-grained': (r) => `github_pat_11${r.text(20)}_${r.text(59)}`,
  gitlab: after('glpat-', 20),
  npm: after('npm_', 36),
  pypi: (r) => `pypi-AgEIcHlwaS5vcmc${r.text(80)}`,
  slack: (r) => `xoxb-${r.text(12, '0123456789')}-${r.text(12, '0123456789')}-${r.text(24)}`,
  'slack app': (r) => `xapp-1-A${r.text(10, UPPER)}-${r.text(13, '0123456789')}-${r.text(64, HEX)}`,
  'slack webhook': (r) =>
    `https://hooks.slack.com/services/T${r.text(8, UPPER)}/B${r.text(8, UPPER)}/${core(r.text(24))}`,
  stripe: after('sk_live_', 24),
  'stripe restricted': after('rk_live_', 24),
  'stripe webhook': after('whsec_', 32),
  'aws id': after('AKIA', 16, UPPER),
  'aws temporary id': after('ASIA', 16, UPPER),
  'aws secret': (r) => `wJ4${r.text(15)}/K7MD${r.text(8, BASE64)}${r.text(8)}9`,
  'aws secret by name': (r) => `aws_secret_access_key = ${core(r.text(40, BASE64))}`,
  'aws session': after('IQoJb3JpZ2luX2Vj', 200, BASE64),
  google: after('AIza', 35),
  'google oauth': after('ya29.a0A', 60),
  'google client': after('GOCSPX-', 28),
  'google refresh': after('1//0g', 60),
  azure: (r) => `${r.text(3)}8Q~${r.text(34)}`,
  'azure storage': (r) =>
    `DefaultEndpointsProtocol=https;AccountName=abc;AccountKey=${core(r.text(86, BASE64))}==`,
  sendgrid: (r) => `SG.${r.text(22)}.${r.text(43)}`,
  twilio: after('SK', 32, HEX),
  mailgun: after('key-', 32, HEX),
  digitalocean: after('dop_v1_', 64, HEX),
  discord: (r) => `M${r.text(23)}.G${r.text(5)}.${r.text(38)}`,
  'discord webhook': (r) =>
    `https://discord.com/api/webhooks/${r.text(18, '123456789')}/${core(r.text(68))}`,
  shopify: after('shpat_', 32, HEX),
  datadog: (r) => `DD_API_KEY=${core(r.text(32, HEX))}`,
  telegram: (r) => `${r.text(10, '123456789')}:AA${r.text(33)}`,
  grafana: after('glsa_', 41),
  'new relic': after('NRAK-', 27, UPPER),
  notion: after('ntn_', 46),
  linear: after('lin_api_', 40),
  vault: after('hvs.', 90),
  databricks: after('dapi', 32, HEX),
  atlassian: (r) => `ATATT3xFfGF0${r.text(160)}=${r.text(8, 'ABCDEF0123456789')}`,
  docker: after('dckr_pat_', 27),
  jwt: (r) =>
    [JSON.stringify({ alg: 'HS256', typ: 'JWT' }), JSON.stringify({ sub: r.text(12), iat: 1 })]
      .map((part) => Buffer.from(part).toString('base64url'))
      .concat(r.text(43))
      .join('.'),
  pem: (r) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${core(r.text(64, BASE64))}\n${core(r.text(64, BASE64))}\n${core(r.text(32, BASE64))}==\n-----END RSA PRIVATE KEY-----`,
  'pem openssh': (r) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${core(r.text(70, BASE64))}\n${core(r.text(70, BASE64))}\n-----END OPENSSH PRIVATE KEY-----`,
  'pem on one line': (r) =>
    `-----BEGIN EC PRIVATE KEY-----\\n${core(r.text(64, BASE64))}\\n-----END EC PRIVATE KEY-----`,
  'pem cut': (r) =>
    `-----BEGIN PRIVATE KEY-----\n${core(r.text(64, BASE64))}\n${core(r.text(40, BASE64))}`,
}

/** Secrets that only what stands around them gives away. */
export const namedSecrets: Readonly<Record<string, Maker>> = {
  'key: value': (r) => `password: ${core(`${r.text(6)}!${r.text(6)}`)}`,
  'key: word': (r) => `password: ${core(r.text(12, 'abcdefghijklmnop'))}`,
  'key=value': (r) => `db_password=${core(r.text(12))}`,
  'key = quoted': (r) => `const apiKey = '${core(r.text(24))}'`,
  'with spaces': (r) => `Client Secret : ${core(r.text(20))}`,
  json: (r) => `{"user":"ann","passwd":"${core(r.text(10))}"}`,
  'json in words': (r) => `the body was {"client_secret": "${core(r.text(24))}", "a": 1} as sent`,
  'json escaped': (r) => `log: {\\"access_token\\":\\"${core(r.text(24))}\\"}`,
  'json pair': (r) => JSON.stringify({ env: [{ name: 'DB_PASSWORD', value: core(r.text(14)) }] }),
  'json list': (r) => JSON.stringify(['run', '--password', core(r.text(14))]),
  'json number': (r) => `{"pin": ${core(r.text(6, '123456789'))}}`,
  'json cut': (r) => `{"a":[1,2],"secret":"${core(r.text(20))}`,
  yaml: (r) => `db:\n  user: ann\n  pass: ${core(r.text(14))}\n`,
  'yaml pair': (r) => `- name: API_TOKEN\n  value: ${core(r.text(20))}\n`,
  toml: (r) => `secret_key = "${core(r.text(30))}"`,
  env: (r) => `export GITHUB_TOKEN=${core(r.text(30))}`,
  'windows env': (r) => `set MYSQL_PWD=${core(r.text(12))}`,
  flag: (r) => `tool login --user ann --password ${core(r.text(12))} --verbose`,
  'flag=': (r) => `tool --api-key=${core(r.text(24))} run`,
  'flag quoted': (r) => `tool --token "${core(r.text(24))}"`,
  curl: (r) => `curl -u ann:${core(r.text(12))} https://x.test/`,
  mysql: (r) => `mysql -h db -u root -p${core(r.text(12))} shop`,
  sshpass: (r) => `sshpass -p ${core(r.text(12))} ssh ann@h`,
  header: (r) => `X-Api-Key: ${core(r.text(32))}`,
  bearer: (r) => `Authorization: Bearer ${core(r.text(40))}`,
  basic: (r) => `Authorization: Basic ${core(Buffer.from(`ann:${r.text(12)}`).toString('base64'))}`,
  'basic alone': (r) =>
    `got "Basic ${core(Buffer.from(`bob:${r.text(9)}`).toString('base64'))}" from it`,
  cookie: (r) => `Cookie: theme=dark; sid=${core(r.text(32))}`,
  'set-cookie': (r) => `Set-Cookie: session=${core(r.text(32))}; Path=/; HttpOnly`,
  'url password': (r) => `postgres://ann:${core(r.text(12))}@db.test:5432/shop`,
  'url token': (r) => `https://x.test/a?user=1&access_token=${core(r.text(32))}&b=2`,
  'url signature': (r) => `https://b.test/o?X-Amz-Signature=${core(r.text(64, HEX))}`,
  'sas url': (r) => `https://a.blob.core.windows.net/c/b?sv=2022-11-02&sig=${core(r.text(43))}%3D`,
  'connection string': (r) => `Server=db;Database=x;User Id=ann;Password=${core(r.text(12))};`,
  xml: (r) => `<user>ann</user><password>${core(r.text(12))}</password>`,
  'xml attribute': (r) => `<add key="SmtpPassword" value="${core(r.text(12))}" />`,
  npmrc: (r) => `//registry.npmjs.org/:_authToken=${core(r.text(36))}`,
  netrc: (r) => `machine h.test login ann password ${core(`${r.text(11)}7`)}`,
  sentence: (r) => `The password for the server is ${core(`${r.text(9)}4`)}.`,
  'sentence quoted': (r) => `my password is "${core(r.text(10))}"`,
  german: (r) => `Das Passwort lautet ${core(`${r.text(9)}7`)}`,
  russian: (r) => `пароль: ${core(r.text(12))}`,
  chinese: (r) => `密码：${core(r.text(12))}`,
  python: (r) => `client = Client(api_key="${core(r.text(28))}")`,
  ruby: (r) => `{ :password => "${core(r.text(12))}" }`,
  markdown: (r) => `**Password:** \`${core(r.text(12))}\``,
  table: (r) => `| password | ${core(r.text(12))} |`,
  form: (r) => `user=ann&password=${core(r.text(12))}&ok=1`,
  'camel case': (r) => `{ dbPassword: '${core(r.text(12))}' }`,
}

const luhn = (body: string): string => {
  for (let check = 0; check < 10; check++) {
    const digits = [...(body + check)].reverse().map(Number)
    const sum = digits.reduce(
      (total, d, i) => total + (i % 2 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d),
      0,
    )
    if (sum % 10 === 0) return body + check
  }
  return body
}
const grouped = (text: string, sizes: readonly number[], separator: string): string => {
  let at = 0
  return sizes
    .map((size) => {
      at += size
      return text.slice(at - size, at)
    })
    .join(separator)
}
const digits = '0123456789'
const visa = (r: Random) => luhn(`4${r.text(14, digits)}`)
const separated =
  (separator: string): Maker =>
  (r) =>
    grouped(visa(r), [4, 4, 4, 4], separator)
const inDigits = (text: string, zero: number) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))
const ibanOf = (country: string, account: string): string => {
  const spelled = [...`${account}${country}00`].map((c) => Number.parseInt(c, 36)).join('')
  const check = 98n - (BigInt(spelled) % 97n)
  return `${country}${String(check).padStart(2, '0')}${account}`
}
const german: Maker = (r) => ibanOf('DE', r.text(18, digits))
const inFours = (text: string, separator: string) => text.match(/.{1,4}/g)?.join(separator) ?? text

/** What belongs to people: numbers, addresses. */
export const personal: Readonly<Record<string, Maker>> = {
  card: visa,
  'card of 15': (r) => luhn(`37${r.text(12, digits)}`),
  'card of 15 in groups': (r) => grouped(luhn(`34${r.text(12, digits)}`), [4, 6, 5], ' '),
  mastercard: (r) => luhn(`5${r.pick(['1', '3', '5'])}${r.text(13, digits)}`),
  ...Object.fromEntries(
    [
      ' ',
      '-',
      '.',
      '/',
      '_',
      '·',
      '\u00a0',
      '\u2009',
      '\u2013',
      '\u2212',
      '*',
      '|',
      ', ',
      ' - ',
      '\u200b',
    ].map((sign) => [`card with ${JSON.stringify(sign)}`, separated(sign)]),
  ),
  'card in single digits': (r) => [...visa(r)].join(' '),
  'card full-width': (r) => inDigits(visa(r), 0xff10),
  'card arabic': (r) => inDigits(separated(' ')(r), 0x660),
  'card persian': (r) => inDigits(visa(r), 0x6f0),
  'card devanagari': (r) => inDigits(separated('-')(r), 0x966),
  'card mathematical': (r) => inDigits(visa(r), 0x1d7ce),
  'card with hidden signs': (r) => [...visa(r)].join('\u200b'),
  iban: german,
  'iban in groups': (r) => inFours(german(r), ' '),
  'iban with dashes': (r) => inFours(german(r), '-'),
  'iban with no-break spaces': (r) => inFours(german(r), '\u00a0'),
  'iban small': (r) => german(r).toLowerCase(),
  'iban of Britain': (r) => ibanOf('GB', `NWBK${r.text(14, digits)}`),
  'iban of France': (r) =>
    inFours(ibanOf('FR', `${r.text(10, digits)}${r.text(11, digits)}${r.text(2, digits)}`), ' '),
  'phone international': (r) => `+44 20 7946 0${r.text(3, digits)}`,
  'phone without gaps': (r) => `+4915${r.text(9, digits)}`,
  'phone with dots': (r) => `+33.6.12.34.56.${r.text(2, digits)}`,
  'phone with dashes': (r) => `+1-555-01${r.text(1, digits)}-${r.text(4, digits)}`,
  'phone with en dashes': (r) => `+49\u2013151\u201323456${r.text(3, digits)}`,
  'phone with brackets': (r) => `(212) 555-${r.text(4, digits)}`,
  'phone american': (r) => `415-555-${r.text(4, digits)}`,
  'phone american dots': (r) => `415.555.${r.text(4, digits)}`,
  'phone with 00': (r) => `0049 30 ${r.text(8, digits)}`,
  'phone german': (r) => `030 / 1234${r.text(4, digits)}`,
  'phone british': (r) => `020 7946 0${r.text(3, digits)}`,
  'phone french': (r) => `06 12 34 56 ${r.text(2, digits)}`,
  'phone said': (r) => `call me at ${core(`5550${r.text(6, digits)}`)}`,
  'phone member': (r) => `{"phone":"${core(`555${r.text(7, digits)}`)}"}`,
  'phone full-width': (r) => inDigits(`\uff0b81 90 1234 ${r.text(4, digits)}`, 0xff10),
  'phone arabic': (r) => inDigits(`+966 50 123 ${r.text(4, digits)}`, 0x660),
  'phone hidden': (r) => [...`+49151${r.text(8, digits)}`].join('\u200d'),
  email: (r) => `${r.text(8, 'abcdefgh')}.${r.text(5, 'klmnop')}@mail.example.co.uk`,
  'email plus': (r) => `${r.text(8, 'abcdefgh')}+tag@example.org`,
  'email cyrillic': (r) => `${r.text(6, 'абвгдежз')}@почта.рф`,
  'email chinese': (r) => `${r.text(3, '用户名字中文')}@例子.公司`,
  'email umlaut': (r) => `j\u00fcrgen.${r.text(5, 'abcdef')}@m\u00fcller.example`,
  'email decomposed': (r) => `ju\u0308rgen${r.text(5, 'abcdef')}@example.org`,
  'email arabic': (r) => `${r.text(6, 'ابتثجح')}@مثال.إختبار`,
  'email punycode': (r) => `${r.text(8, 'abcdefgh')}@xn--bcher-kva.example`,
  'email full-width at': (r) => `${r.text(8, 'abcdefgh')}\uff20example.org`,
  'email spelled': (r) => `${r.text(8, 'abcdefgh')} [at] example [dot] org`,
  'email quoted': (r) => `"${r.text(5, 'abc')} ${r.text(4, 'xyz')}"@example.org`,
  'email in brackets': (r) => `Ann Lee <${core(`${r.text(9, 'abcdefgh')}@example.org`)}>`,
  'email mailto': (r) => `mailto:${core(`${r.text(9, 'abcdefgh')}@example.org`)}?subject=x`,
  'email hidden': (r) => [...`${r.text(8, 'abcdefgh')}@example.org`].join('\u200b'),
  ipv4: (r) => `10.${r.below(255)}.${r.below(255)}.${1 + r.below(200)}`,
  'ipv4 in url': (r) => `http://${core(`192.168.${r.below(255)}.${1 + r.below(200)}`)}:8080/x`,
  ipv6: (r) => `2001:db8:85a3:${r.text(4, HEX)}:1319:8a2e:370:${r.text(4, HEX)}`,
  'ipv6 short': (r) => `2001:db8::${r.text(4, HEX)}`,
  'ipv6 local': (r) => `${core(`fe80::1ff:fe23:4567:${r.text(4, HEX)}`)}%eth0`,
  'ipv6 in brackets': (r) => `https://[${core(`2001:db8::${r.text(4, HEX)}`)}]:443/`,
  'ipv6 mapped': (r) => `::ffff:192.0.2.${r.below(250)}`,
  mac: (r) => grouped(r.text(12, HEX), [2, 2, 2, 2, 2, 2], ':'),
  'mac dashes': (r) => grouped(r.text(12, HEX), [2, 2, 2, 2, 2, 2], '-').toUpperCase(),
  'mac dots': (r) => grouped(r.text(12, HEX), [4, 4, 4], '.'),
  ssn: (r) => `${r.pick(['078', '219', '457'])}-05-1${r.text(3, digits)}`,
  'ssn spaces': (r) => `${r.pick(['078', '219', '457'])} 05 1${r.text(3, digits)}`,
  'ssn en dash': (r) => `${r.pick(['078', '219', '457'])}\u201305\u20131${r.text(3, digits)}`,
  'ssn full-width': (r) => inDigits(`219-05-1${r.text(3, digits)}`, 0xff10),
  'ssn said': (r) => `SSN: ${core(`21905${1000 + r.below(8999)}`)}`,
}
