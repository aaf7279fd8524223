import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { insideText } from '/tmp/wt/code/packages/instrumentation/dist/isolation/generated/inside.js'
const q = await newQuickJSWASMModuleFromVariant(variant)
const time=(n,src,hold)=>{let s=0;for(let i=0;i<100;i++){const c=q.newContext();if(hold){c.runtime.setInterruptHandler(()=>false)};const t=performance.now();c.unwrapResult(c.evalCode(src,'x')).dispose();s+=performance.now()-t;c.dispose()}console.log(n,(s*10).toFixed(0),'µs')}
time('parse only',insideText.replace(/\)\(\)$/,')'))
time('all',insideText)
time('all with memory limit',insideText)
time('50kb of small functions',Array.from({length:1000},(_, i)=>`function f${i}(a,b){return a+b*${i}}`).join('\n')+';1')
time('lookups','const G={};for(const n of "Object Array Map Set Date".split(" "))G[n]=globalThis[n];for(let i=0;i<100;i++){Object.getOwnPropertyDescriptor(Array,"prototype")};1')
