import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Build,
  esbuildWith,
  type Help,
  type Recorded,
  rolldownMinified,
  runBuilt,
  tsc,
  tsx,
} from './builds.ts'

// Where what is not bundled is found.
const folder = fileURLToPath(new URL('../.snippets/bundlers', import.meta.url))
let reference: Recorded

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  reference = await built(esbuildWith({}), 'plugin')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function built(build: Build, help: Help): Promise<Recorded> {
  const place = join(folder, crypto.randomUUID())
  await mkdir(place, { recursive: true })
  return runBuilt(await build(place, help))
}

const bundled: [string, Build][] = [
  ['esbuild', esbuildWith({})],
  ['esbuild, minified', esbuildWith({ minify: true })],
  ['esbuild, minified, names kept', esbuildWith({ minify: true, keepNames: true })],
  ['esbuild, names kept', esbuildWith({ keepNames: true })],
  ['esbuild, minified, for ES2016', esbuildWith({ minify: true, target: 'es2016' })],
  ['esbuild, minified, CommonJS', esbuildWith({ minify: true, format: 'cjs' })],
  ['esbuild, packages left outside', esbuildWith({ minify: true, packages: 'external' })],
  ['rolldown, minified', rolldownMinified],
]

test('the plugin hands on what the author wrote', () => {
  expect(reference.operators).toMatchInlineSnapshot(`
    {
      "agent": {
        "arguments": "{"ticket":"a billing ticket"}",
        "function": "agent",
        "source": "a0626b1a6a667397",
      },
      "body": {
        "arguments": "{"text":" D "}",
        "function": "body",
        "source": "0d51fae45129bea7",
      },
      "classify": {
        "arguments": "{"ticket":"a billing ticket","instruction":"other"}",
        "description": "Puts a ticket into a category.",
        "function": "classify",
        "source": "256aed02326b973a",
      },
      "greet": {
        "arguments": "{"name":"A"}",
        "description": "Greets the customer. Must stay polite.",
        "function": "greet",
        "source": "b8efa3c6848d2459",
      },
      "part": {
        "arguments": "{"name":"B"}",
        "function": "part",
        "source": "05c868a97ebed4d9",
      },
      "polish": {
        "arguments": "{"text":" E  F "}",
        "description": "Makes a text ready to send.",
        "function": "polish",
        "source": "4fee136cecbdaa85",
      },
      "route": {
        "arguments": "{"category":"none","urgency":1}",
        "description": "Chooses who answers.",
        "function": "route",
        "source": "78510e1c118c2d07",
      },
      "sign": {
        "arguments": "{"name":"G"}",
        "description": "Signs off.",
        "function": "sign",
        "source": "2317b624472fa110",
      },
      "subject": {
        "arguments": "{"text":" C "}",
        "function": "subject",
        "source": "838d5746badbe27c",
      },
      "team": {
        "arguments": "{"id":"H"}",
        "function": "team",
        "source": "1fbfec5c8fdf4752",
      },
    }
  `)
  expect(reference.code).toMatchInlineSnapshot(`
    [
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    function greet(name: string): string 
    Greets the customer. Must stay polite.",
        "name": "greet.code",
        "source": "/** Greets the customer. Must stay polite. */
    function greet(name: string): string {
        return \`Dear \${name}\`
      }",
        "variable": "greet",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    function part(name: string): string",
        "name": "part.code",
        "source": "function part(name: string): string {
        return \`Dear \${name}, goodbye\`
      }",
        "variable": "part",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    function subject(text: string): string",
        "name": "subject.code",
        "source": "function subject(text: string): string {
        return \`Dear \${text.trim()}\`
      }",
        "variable": "subject",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    function body(text: string): string",
        "name": "body.code",
        "source": "function body(text: string): string {
        return \`Dear \${text.trim()}\`
      }",
        "variable": "body",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    (text: string, mark: string = '!'): string 
    Makes a text ready to send.",
        "name": "polish.code",
        "source": "(text: string, mark: string = '!'): string => {
        /** Makes a text ready to send. */
        const clean = (part: string): string => part.trim().replace(/\\s+/g, ' ')
        function close(part: string): string {
          return part.endsWith(mark) ? part : \`\${part}\${mark}\`
        }
        class Letter {
          readonly #opening: string
          constructor(opening: string) {
            this.#opening = opening
          }
          write(rest: string): string {
            return close(\`\${this.#opening} \${clean(rest)}\`)
          }
        }
        return new Letter('Dear').write(text)
      }",
        "variable": "polish",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    sign(name: string): string 
    Signs off.",
        "name": "sign.code",
        "source": "/** Signs off. */
    sign(name: string): string {
        return \`Dear \${name as string}\`
      }",
        "variable": "sign",
      },
      {
        "description": "JavaScript source of one function. Keep its name and signature; it can use only its arguments and the language itself:
    async ({ id, tier = 'basic', ...rest }: Ticket): Promise<string>",
        "name": "team.code",
        "source": "async ({ id, tier = 'basic', ...rest }: Ticket): Promise<string> => {
        await null
        const all = { ...rest, id, tier } satisfies Ticket
        return ['Dear', ...Object.values(all)].map((value) => value ?? '').join(' ')
      }",
        "variable": "team",
      },
    ]
  `)
})

describe('with the plugin, the same is recorded as in any other build:', () => {
  test.each(bundled)('%s', async (_name, build) => {
    expect(await built(build, 'plugin')).toEqual(reference)
  })
})

describe('with a source map, trainable functions are as their author wrote them:', () => {
  test.each([...bundled, ['tsc', tsc], ['tsx', tsx]] as [string, Build][])(
    '%s',
    async (_name, build) => {
      const { code, results, changed } = await built(build, 'map')
      expect({ code, results, changed }).toEqual({
        code: reference.code,
        results: reference.results,
        changed: reference.changed,
      })
    },
  )
})

// What a minifier calls the helpers of an older language, only the plugin or a map tells.
const unhelped: [string, Build][] = [
  ...bundled.filter(([name]) => !name.includes('ES2016')),
  ['esbuild, for ES2016', esbuildWith({ target: 'es2016' })],
  ['tsc', tsc],
]

describe('with nothing, a change of one word reaches its function and no other:', () => {
  test.each(unhelped)('%s', async (_name, build) => {
    const { code, results, changed } = await built(build, 'nothing')
    expect({ results, changed }).toEqual({
      results: reference.results,
      changed: reference.changed,
    })
    expect(new Set(code.map(({ name }) => name)).size).toBe(code.length)
    // No name that a minifier made, and none of its helpers.
    expect(code.filter(({ name }) => /^.{1,2}\.code$/.test(name))).toEqual([])
    expect(code.filter(({ source }) => /__name/.test(source))).toEqual([])
  })

  test('what a minifier left says so', async () => {
    const { code } = await built(esbuildWith({ minify: true }), 'nothing')
    expect(code.filter(({ description }) => !description.includes('as built'))).toEqual([])
  })
})
