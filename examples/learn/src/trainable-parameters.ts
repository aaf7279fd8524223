import '@trace2/simulated-model/without-key'
import { bundle, parameter } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'

// A number that may change, within limits that no model can talk it out of.
const discount = parameter('shop.discount', 5, {
  description: 'Discount for regular customers, in percent.',
  schema: { type: 'integer', minimum: 0, maximum: 20 },
})

// A number that is recorded, but never changed by an optimizer.
const vat = parameter('shop.vat', 21, { trainable: false })

const price = bundle('price', (net: number, discount: number, vat: number) =>
  Math.round(net * (1 - discount / 100) * (1 + vat / 100)),
)

// Code that may change: its source is the parameter, its comment says what must stay true.
const label = bundle(
  function label(amount: number): string {
    /** Tells a customer the price. */
    return `Price: ${amount} euros`
  },
  { trainable: true },
)

const total = price.node(2500, discount, vat)
const text = label.node(total)
console.log(text.value)

const optimizer = new OptoPrime([discount, vat, ...label.parameters()])
optimizer.backward(total, 'The discount is far too low.')
optimizer.backward(text, 'Make it more concise.')
const { applied, unreached } = await optimizer.step()
for (const { parameter, value } of applied) console.log(`\n${parameter} is now:\n${value}`)
for (const { name, reason } of unreached) console.log(`\n${name} stays: ${reason}`)

console.log(`\n${label(price(2500, discount, vat))}`)
try {
  discount.update(90)
} catch (error) {
  console.log(`\nRefused: ${error instanceof Error ? error.message : error}`)
}
