/** What a program fills in, as template languages write it: the kind of placeholder, then the name. */
const placeholder = new RegExp(
  [
    // Jinja statements: {% if x %}
    String.raw`\{%-?\s{0,20}(?<statement>[^{}%]{1,200}?)\s{0,20}-?%\}`,
    // Mustache, Handlebars and Jinja: {{x}}, {{ x.y | upper }}, {{{x}}}, {{#each xs}}
    String.raw`\{\{\{?[-~]?\s{0,20}(?<double>[#/^>&!]?\s{0,20}[\p{L}_$@][^{}:]{0,200}?)\s{0,20}[-~]?\}?\}\}`,
    // JavaScript: ${x}
    String.raw`\$\{\s{0,20}(?<dollar>[\p{L}_$][^{}]{0,200}?)\s{0,20}\}`,
    // Python and many others: {x}, {x.y}, {x[0]!r:>10}, {0}; not LaTeX: \frac{a}
    String.raw`(?<!\\\p{L}{1,20})\{(?<single>[\p{L}_][\p{L}\p{N}_.-]{0,80}(?:\[[^\]{}]{0,40}\])?(?:![rsa])?(?::[^{}\s"',]{1,20})?|\d{1,3}|)\}`,
    // printf: %s, %(x)s, %1$s, %.2f
    String.raw`(?<![%\p{L}\p{N}])(?<percent>%(?:\(\w{1,80}\)|\d\$)?[-+0]?\d{0,3}(?:\.\d{1,3})?[sdif])(?![\p{L}\p{N}])`,
    // string.Template of Python, shells, PHP: $name; not $5, US$, $x$
    String.raw`(?<![\p{L}\p{N}$\\])\$(?<bare>[A-Za-z_][A-Za-z0-9_]{1,60})(?![\p{L}\p{N}_$(])`,
    // [CUSTOMER NAME]; not [A](link), [A][1], list[N]
    String.raw`(?<![\p{L}\p{N}\])!\\])\[(?<square>\p{Lu}[\p{Lu}\p{N}_ -]{0,38}[\p{Lu}\p{N}])\](?![([]|:\s?(?:\/|<|https?:))`,
    // <customer name>
    String.raw`(?<![\p{L}\p{N}<])<(?<angle>[\p{L}_][\p{L}\p{N}_ .-]{0,60})>`,
  ].join('|'),
  'gu',
)

/** Elements that end without a tag of their own. */
const markup = new Set(['area', 'base', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'wbr'])

/** What stands in brackets as the label of a part, as chat formats and notes have it. */
const labels =
  /^(?:NOTE|NOTES|IMPORTANT|WARNING|CAUTION|TIP|INFO|TODO|FIXME|INST|SYS|SYSTEM|USER|ASSISTANT|BEGIN|START|END|EXAMPLE|RULES?|STEP \d+|RFC ?\d+|SIC|OK)$/

/** Kinds whose members the program takes by their place, so that their number counts. */
const byPlace = new Set(['{}', '%s', '%d', '%i', '%f'])

/**
 * The placeholders of a text, each in a form that does not depend on space, filters and formats, with how often it is
 * needed. Braces of JSON, closed elements, labels, prices and percentages are none.
 */
export function placeholdersOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const ends = text.matchAll(/<\/([\p{L}_][^<>\s]{0,60})>|\[\/(\p{Lu}[^[\]\n]{0,40})\]/gu)
  const closed = new Set(Array.from(ends, ([, tag, label]) => (tag ?? label ?? '').toLowerCase()))
  for (const { groups = {} } of text.matchAll(placeholder)) {
    const form = formOf(groups, closed)
    if (form === undefined) continue
    found.set(form, byPlace.has(form) ? (found.get(form) ?? 0) + 1 : 1)
  }
  return found
}

/** The placeholders of the present text that another one does not have. */
export function missingPlaceholders(present: string, proposed: string): readonly string[] {
  const kept = placeholdersOf(proposed)
  return Array.from(placeholdersOf(present))
    .filter(([form, count]) => (kept.get(form) ?? 0) < count)
    .map(([form]) => form)
}

/** Placeholders that only the proposed text has, of kinds that the present one has too. */
export function unknownPlaceholders(present: string, proposed: string): readonly string[] {
  const known = placeholdersOf(present)
  const kinds = new Set(Array.from(known.keys(), kindOf))
  return Array.from(placeholdersOf(proposed))
    .filter(([form, count]) => kinds.has(kindOf(form)) && (known.get(form) ?? 0) < count)
    .map(([form]) => form)
}

type Groups = { readonly [name: string]: string | undefined }

function formOf(groups: Groups, closed: ReadonlySet<string>): string | undefined {
  const { statement, double, dollar, single, percent, bare, square, angle } = groups
  if (statement !== undefined) return `{% ${statement.replace(/\s+/g, ' ')} %}`
  if (double !== undefined) return `{{${nameIn(double)}}}`
  if (dollar !== undefined) return `\${${nameIn(dollar)}}`
  if (single !== undefined) {
    // {a:1} is an object.
    return /:(?:\d+|true|false|null)$/.test(single) ? undefined : `{${single.split(/[!:]/)[0]}}`
  }
  if (percent !== undefined) return percent
  if (bare !== undefined) return `$${bare}`
  if (square !== undefined) {
    return closed.has(square.toLowerCase()) || labels.test(square) ? undefined : `[${square}]`
  }
  const [element = ''] = (angle ?? '').toLowerCase().split(' ')
  return closed.has(element) || markup.has(element) ? undefined : `<${angle}>`
}

/** A name without the filters that its value passes through. */
function nameIn(expression: string): string {
  return (expression.split('|')[0] ?? '').trim().replace(/\s+/g, ' ')
}

function kindOf(form: string): string {
  return /^(?:\{%|\{\{|\$\{|\$|\{|\[|%\(|%|<)/.exec(form)?.[0] ?? ''
}
