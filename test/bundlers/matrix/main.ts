import type { Parameter } from '@trace2/instrumentation'
import { enableIsolation } from '@trace2/instrumentation/isolation'
import type { Form, Recorded } from './form.ts'
import { forms } from './forms.ts'
import { forms as plain } from './plain-forms.ts'
// The same with nothing in `uses`: made by the test.
import { forms as undeclared } from './undeclared.ts'

/** Prints for each form what a change of one word comes to: `works`, the code of a refusal, or what it gave. */
async function main(): Promise<void> {
  // What is tried is what the forms do, on however busy a machine.
  await enableIsolation({ timeMs: 20_000 })
  const outcomes = async (forms: Readonly<Record<string, Form>>) => {
    const found: Record<string, string> = {}
    for (const [name, form] of Object.entries(forms)) found[name] = await outcomeOf(form)
    return found
  }
  const printed = {
    declared: await outcomes({ ...plain, ...forms }),
    undeclared: await outcomes(undeclared),
  }
  console.log(JSON.stringify(printed))
}

async function outcomeOf({ record, args }: Form): Promise<string> {
  try {
    const fn = record()
    const call = () => written(Reflect.apply(fn, undefined, args))
    const before = await call()
    const [code] = codeOf(fn)
    if (!code) return 'T2_CODE_BUILT'
    code.update(`${code.value.replaceAll('V1', 'V2')} `)
    const after = await call()
    const expected = before.replace('V1', 'V2')
    return after === expected ? 'works' : `${after} in place of ${expected}`
  } catch (error) {
    return String(Reflect.get(Object(error), 'code') ?? error)
  }
}

function codeOf(fn: Recorded): readonly Parameter<string>[] {
  const { parameters } = Object(fn)
  return parameters()
}

/** What a function gave, as text. */
async function written(given: unknown): Promise<string> {
  const result = await given
  if (!(result instanceof Object)) return String(result)
  const items: string[] = []
  for await (const item of result as AsyncIterable<unknown>) items.push(String(item))
  return items.join()
}

void main()
