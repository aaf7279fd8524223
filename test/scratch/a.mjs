import { isolate, enableIsolation } from '@trace2/instrumentation/isolation'
console.log('start')
const t=setTimeout(()=>{console.log('hang');process.exit(1)},8000)
const f = await isolate('(a, b) => a + b')
console.log(f(1,2))
for (let k=0;k<5;k++){const t0=performance.now(); for(let i=0;i<200;i++) f(i,2); console.log('µs', ((performance.now()-t0)*5).toFixed(0))}
const g = await isolate('async (a, b) => { await null; return a + b }')
console.log(await g(1,2))
clearTimeout(t)
