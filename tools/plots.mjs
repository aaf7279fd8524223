// `npm run docs:plots`: draws docs/figures/scaling.svg from docs/figures/scaling.json, which
// `TRACE2_BENCH_OUT=docs/figures/scaling.json npm run bench -- scale` writes.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as vega from 'vega'
import { compile } from 'vega-lite'

const figures = new URL('../docs/figures/', import.meta.url)
const points = JSON.parse(readFileSync(new URL('scaling.json', figures), 'utf8'))

const panel = (field, title) => ({
  width: 200,
  height: 180,
  mark: { type: 'line', point: true, color: '#2f6fde' },
  encoding: {
    x: {
      field: 'spans',
      type: 'quantitative',
      scale: { type: 'log' },
      axis: {
        title: 'spans in the store',
        format: '~s',
        values: points.map((point) => point.spans),
      },
    },
    y: { field, type: 'quantitative', scale: { zero: true }, axis: { title, format: '~s' } },
  },
})

const { spec } = compile({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  padding: 12,
  data: { values: points },
  hconcat: [
    panel('intake', 'intake, spans per second'),
    panel('graph', 'graph of 1,000 spans, ms'),
    panel('failing', '50 latest failing runs, ms'),
    panel('again', '1,000 stored spans sent again, ms'),
  ],
  config: { font: 'Helvetica, Arial, sans-serif' },
})
const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG()
writeFileSync(new URL('scaling.svg', figures), `${svg}\n`)
console.log(fileURLToPath(new URL('scaling.svg', figures)))
