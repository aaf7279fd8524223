import { describe, expect, it } from 'vitest'
import { PromptNames, type PromptToName, type Renaming } from './prompt-names.ts'

const BASE = 'handle.system'
const classify = 'Classify the mail as billing, shipping or other. One word.'
const letter = 'Write a friendly letter to the customer in Spanish, with greetings.'

/** A store of prompts: what {@link PromptNames} is told of and asked by. */
function program() {
  const names = new PromptNames()
  /** Names by text, as the store has them. */
  const stored = new Map<string, Set<string>>()
  const put = (text: string, name: string) =>
    stored.set(text, (stored.get(text) ?? new Set()).add(name))
  const rename = ({ from, to, versions }: Renaming) => {
    for (const version of versions) {
      if (stored.get(version)?.delete(from)) put(version, to)
    }
  }
  return {
    /** Names the prompts of a run; those of a list come together. */
    run(traceId: string, ...lists: readonly (readonly string[])[]): string[] {
      return lists.flatMap((texts) => {
        const prompts = texts.map(
          (text): PromptToName => ({ traceId, base: BASE, version: text, text: () => text }),
        )
        for (const renaming of names.note(prompts)) rename(renaming)
        for (let found = names.conflicts(prompts); found.length > 0; ) {
          for (const conflict of found) {
            const texts = [...stored].filter(([, of]) => of.has(conflict.name))
            rename(names.part(conflict, new Map(texts.map(([text]) => [text, text]))))
          }
          found = names.conflicts(prompts)
        }
        const given = names.name(prompts)
        for (const [index, text] of texts.entries()) put(text, given[index] ?? '')
        return given
      })
    },
    /** The versions of each name. */
    history(): Record<string, string[]> {
      const history: Record<string, string[]> = {}
      for (const [text, of] of stored) {
        expect([...of]).toHaveLength(1)
        for (const name of of) history[name] = [...(history[name] ?? []), text]
      }
      return history
    },
  }
}

describe('two prompts of a caller that no run had side by side', () => {
  const LETTER = `${BASE}.write-a-friendly-letter`

  it.each([
    ['together', [[letter, classify]]],
    ['one after the other', [[letter], [classify]]],
    ['the other way round', [[classify], [letter]]],
  ])('are parted by the first run that has, with all that is theirs: %s', (_, lists) => {
    const { run, history } = program()
    run('a', [classify])
    run('b', [letter])
    run('c', [`${letter} Sign it.`])
    expect(Object.keys(history())).toEqual([BASE])
    run('d', ...lists)
    run('e', [`${letter} Be short.`, `${classify} Be exact.`])
    expect(history()).toEqual({
      [BASE]: [classify, `${classify} Be exact.`],
      [LETTER]: [letter, `${letter} Sign it.`, `${letter} Be short.`],
    })
    expect(run('f', [letter], [classify])).toEqual([LETTER, BASE])
  })

  it('are parted each from the others', () => {
    const { run, history } = program()
    const poem = 'Make up verses about rivers.'
    for (const [index, text] of [classify, letter, poem].entries()) run(`${index}`, [text])
    run('all', [poem, letter, classify])
    expect(Object.values(history())).toEqual([[classify], [letter], [poem]])
  })
})

it('of two new texts of a run, the one that is like a known one has its name', () => {
  const { run } = program()
  run('a', [classify])
  expect(run('b', [letter, `${classify} Be exact.`])).toEqual([
    `${BASE}.write-a-friendly-letter`,
    BASE,
  ])
})

describe('texts of one run that differ in numbers', () => {
  const judge = (number: number, most: number) =>
    `You are judge ${number}. Answer in at most ${most} words.`

  it('are prompts of their own where they are few, or come again', () => {
    const { run, history } = program()
    run('a', [judge(1, 5), judge(2, 500)])
    expect(run('b', [judge(2, 500)], [judge(1, 5)])).toEqual([`${BASE}.2`, BASE])
    const all = [1, 2, 3, 4, 5].map((number) => judge(number, number * 10))
    const panel = program()
    panel.run('a', [...all, ...all])
    expect(Object.keys(panel.history())).toHaveLength(5)
    run('c', [`${judge(2, 500)} Be kind.`, `${judge(1, 5)} Be kind.`])
    expect(history()).toEqual({
      [BASE]: [judge(1, 5), `${judge(1, 5)} Be kind.`],
      [`${BASE}.2`]: [judge(2, 500), `${judge(2, 500)} Be kind.`],
    })
  })

  it.each<[string, (step: number) => string]>([
    ['a date and a step', (step) => `Plan. Today is 2026-11-28, step ${step}.`],
    ['a day by its name', (step) => `Plan. It is November ${step + 3}, 2026.`],
    ['a time', (step) => `Plan. It is 10:4${step}.`],
    ['what is left', (step) => `Plan. You have ${9 - step} steps left.`],
    ['one of all', (step) => `Plan. Part ${step}/20.`],
    ['a long number', (step) => `Plan. The ticket is ${48_000 + 7 * step}.`],
  ])('are one prompt where a program fills in %s', (_, text) => {
    const { run, history } = program()
    for (const trace of ['a', 'b']) run(trace, [text(1), text(2)], [text(3)])
    expect(Object.keys(history())).toEqual([BASE])
  })

  it.each([
    ['together', (texts: readonly string[]) => [texts]],
    ['one by one', (texts: readonly string[]) => texts.map((text) => [text])],
  ])('are one prompt where each call has another number: %s', (_, lists) => {
    const { run, history } = program()
    const texts = (first: number) =>
      [0, 3, 1, 8, 5].map((more) => `Spend no more than ${first + more} euros.`)
    run('a', [classify], ...lists(texts(12)))
    expect(Object.keys(history())).toEqual([BASE, `${BASE}.spend-no-more-than`])
    run('b', ...lists(texts(40)), [classify])
    run('c', ...lists(texts(40)))
    expect(Object.keys(history())).toEqual([BASE, `${BASE}.spend-no-more-than`])
  })
})
