/** A script whose letters look like letters of another one. */
type Script = 'Latin' | 'Cyrillic' | 'Greek' | 'Armenian' | 'Cherokee' | 'Coptic' | 'Lisu'

/**
 * Letters that look like letters of ASCII in usual fonts, with these. They are a part of the confusables of Unicode
 * Technical Standard 39: a reader tells the others apart, such as `γ` and `y`, and scientific texts need them.
 */
const lookAlikes: readonly (readonly [script: Script, letters: string, ascii: string])[] = [
  ['Cyrillic', 'аеорсухіјѕһԁԛԝӏѵ', 'aeopcyxijshdqwlv'],
  ['Cyrillic', 'АВСЕНІЈКМОРԚЅТХУҮԜѴӀ', 'ABCEHIJKMOPQSTXYYWVI'],
  ['Greek', 'ονιρυα', 'ovipua'],
  ['Greek', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'ABEZHIKMNOPTYXC'],
  ['Armenian', 'օոսհցզՍՕԼՏ', 'onuhgqUOLS'],
  ['Cherokee', 'ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃᏀᎡᏒᎥ', 'ABCDEHJKLMPSTVWZGRRi'],
  ['Coptic', 'ⲟⲞⲣⲢⲥⲤⲭⲬⲁⲕⲎⲘⲚⲦ', 'oOpPcCxXakHMNT'],
  ['Lisu', 'ꓐꓓꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓤꓥꓦꓧꓩꓪꓫꓬꓮꓰꓲꓳꓴ', 'BDGKJCZFMNLSRRVVHIWXYAEIOU'],
]

const asciiOf = new Map<string, string>()
const scriptOf = new Map<string, Script>()
/** What the letters of a script can be taken for. */
const resembled = new Map<Script, Set<string>>()
for (const [script, letters, ascii] of lookAlikes) {
  const known = resembled.get(script) ?? new Set()
  resembled.set(script, known)
  for (const [at, letter] of [...letters].entries()) {
    const like = ascii[at] ?? ''
    asciiOf.set(letter, like)
    scriptOf.set(letter, script)
    known.add(like)
  }
}

const scripts: readonly (readonly [Script, RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Lisu', /\p{Script=Lisu}/u],
]

/**
 * Forms of the letters and digits of ASCII that are other characters: letters and digits of mathematics and of full
 * width, letter-like symbols, Roman numerals, ligatures.
 */
const otherForm =
  /[\u210A-\u2113\u2119-\u211D\u2124-\u2139\u2160-\u217F\uFB00-\uFB06]|[\u{1D400}-\u{1D7FF}]/u
const fullWidth = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/u
/** Letters of phonetic alphabets, in words that have nothing else of them. */
const phonetic = /[\u0251\u0261]/u
/** Signs that look like signs of ASCII and are rarely meant. */
const signs = /[\u037E\u1FEF\u2024\uA789\u01C3]/gu

const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const mayLookAlike = new RegExp(
  `[${[...asciiOf.keys()].join('')}\\u0251\\u0261\\uFF10-\\uFF5A]|${otherForm.source}|${signs.source}`,
  'u',
)

/** What the text around a word tells of it. */
interface Around {
  /** Whether there are words of Latin letters. */
  readonly latin: boolean
  /** Whether there is text in which letters of full width are usual. */
  readonly eastAsian: boolean
  /** Scripts with a word that nobody can take for one of Latin letters. */
  readonly told: ReadonlySet<Script>
}

/**
 * Finds letters that look like other letters where these would be expected. Words of several scripts follow the idea of
 * mixed-script confusables in Unicode Technical Standard 39; a whole word of another script is fine unless it looks like one
 * of Latin letters and stands alone among these.
 *
 * @returns Positions in UTF-16 units, with what each character looks like.
 */
export function findLookAlikes(text: string): readonly (readonly [at: number, like: string])[] {
  if (!mayLookAlike.test(text)) return []
  const around = aroundOf(text)
  const found: Found[] = []
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    if (isAscii(word) || !mayLookAlike.test(word) || isOfToldScript(word, around)) continue
    for (const [at, like] of inWord(word, around)) found.push([index + at, like])
  }
  for (const { 0: sign, index } of text.matchAll(signs)) {
    if (sign !== '\u01C3' || !/[\p{L}]/u.test(text.slice(index + 1, index + 2))) {
      found.push([index, sign.normalize('NFKC')])
    }
  }
  return found
}

/** A text as it looks: letters of other scripts are those that they look like, all blanks one space. */
export function looksOf(text: string): string {
  return Array.from(text.normalize('NFKC'), (letter) => asciiOf.get(letter) ?? letter)
    .join('')
    .replace(/[\u2010\u2011\u2212]/g, '-')
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/\s+/gu, ' ')
    .trimEnd()
}

interface Letter {
  readonly at: number
  readonly letter: string
  readonly script: Script | undefined
}

function lettersOf(word: string): readonly Letter[] {
  const letters: Letter[] = []
  let at = 0
  for (const letter of word) {
    if (/\p{L}/u.test(letter)) {
      const script = scripts.find(([, pattern]) => pattern.test(letter))?.[0]
      letters.push({ at, letter, script })
    }
    at += letter.length
  }
  return letters
}

/** Letters of each script that nobody takes for others, and words of nothing but the script. */
const telling = scripts.flatMap(([script]) => {
  if (script === 'Latin') return []
  const alike = lookAlikes.flatMap(([of, letters]) => (of === script ? [letters] : [])).join('')
  return [
    {
      script,
      letter: new RegExp(`(?![${alike}])\\p{Script=${script}}`, 'u'),
      word: new RegExp(`^[\\p{Script=${script}}\\p{M}\\p{Nd}]+$`, 'u'),
    },
  ]
})

function aroundOf(text: string): Around {
  const told = telling.filter(({ letter }) => letter.test(text)).map(({ script }) => script)
  return { latin: /[A-Za-z]/.test(text), eastAsian: eastAsian.test(text), told: new Set(told) }
}

/** Most words of most texts are fine because the text is in their script; the others are looked at letter by letter. */
function isOfToldScript(text: string, { told }: Around): boolean {
  return telling.some(({ script, word }) => told.has(script) && word.test(text))
}

type Found = readonly [at: number, like: string]

function inWord(word: string, around: Around): readonly Found[] {
  const forms = otherForms(word, around)
  if (forms.length > 0) return forms
  const letters = lettersOf(word)
  const counts = new Map<Script, number>()
  for (const { script } of letters) {
    if (script) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  if (counts.size === 1) return ofOneScript(letters, around)
  // Of two scripts with as many letters, Latin is taken for the one that is meant.
  const [main] = [...counts].sort(
    ([one, a], [other, b]) => b - a || Number(other === 'Latin') - Number(one === 'Latin'),
  )
  if (!main) return []
  return letters.flatMap(({ at, letter, script }): Found[] => {
    if (!script || script === main[0]) return []
    const like = script === 'Latin' ? letter : asciiOf.get(letter)
    if (like === undefined || isUnit(word, at, script)) return []
    const isLike = main[0] === 'Latin' ? true : resembled.get(main[0])?.has(like) === true
    return isLike ? [[at, like]] : []
  })
}

/** A Greek letter after a capital letter or a digit at the end of a name, as sciences write it: `TNFα`. */
function isUnit(word: string, at: number, script: Script): boolean {
  return script === 'Greek' && at === word.length - 1 && /[A-Z0-9]/.test(word[at - 1] ?? '')
}

function ofOneScript(letters: readonly Letter[], around: Around): readonly Found[] {
  const [first] = letters
  if (!first?.script) return []
  if (first.script === 'Latin') {
    const odd = letters.filter(({ letter }) => !isAscii(letter))
    const isSpelling = letters.length - odd.length < 2
    if (isSpelling || !odd.every(({ letter }) => phonetic.test(letter))) return []
    return odd.map(({ at, letter }) => [at, letter === '\u0251' ? 'a' : 'g'])
  }
  const fewest = first.script === 'Greek' ? 2 : 1
  if (!around.latin || around.told.has(first.script) || letters.length < fewest) return []
  return letters.map(({ at, letter }) => [at, asciiOf.get(letter) ?? letter])
}

/** A lone letter of mathematics is the name of a quantity; in a word, or several together, they stand for text. */
function otherForms(word: string, around: Around): readonly Found[] {
  const found: Found[] = []
  let at = 0
  for (const letter of word) {
    if (otherForm.test(letter) || (!around.eastAsian && fullWidth.test(letter))) {
      found.push([at, letter.normalize('NFKC')])
    }
    at += letter.length
  }
  const isAlone = found.length === 1 && [...word].length === 1
  return isAlone && !fullWidth.test(word) ? [] : found
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  return /^[\u0000-\u007f]*$/.test(text)
}
