import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { insideText } from '/tmp/wt/code/packages/instrumentation/dist/isolation/generated/inside.js'
const q = await newQuickJSWASMModuleFromVariant(variant)
const T={};const tm=(k,f)=>{const t=performance.now();const r=f();T[k]=(T[k]??0)+performance.now()-t;return r}
const N=300
for(let i=0;i<N;i++){
 const c=tm('newContext',()=>q.newContext())
 c.runtime.setMemoryLimit(32e6);c.runtime.setMaxStackSize(256*1024);
 const o=tm('harness eval',()=>c.unwrapResult(c.evalCode(insideText,'x')))
 const send=c.newFunction('send',()=>c.undefined);const s=c.newString('')
 const ins=tm('open()',()=>c.unwrapResult(c.callFunction(o,c.undefined,send,s)))
 const p=tm('program',()=>c.unwrapResult(c.evalCode('(function(){"use strict";const m=((a,b)=>a+b);return {main:m,shared:{__proto__:null}}})','p')))
 const d=c.getProp(ins,'define');c.unwrapResult(c.callFunction(d,c.undefined,p)).dispose()
 const e=c.getProp(ins,'enter')
 const t=c.newString('["begin"]\n[["u"]]\n\n["call"]\n[["u"],1,2]')
 const r=tm('call',()=>c.unwrapResult(c.callFunction(e,c.undefined,t)))
 tm('getString',()=>c.getString(r))
 for(const h of [o,send,s,ins,p,d,e,t,r])h.dispose()
 tm('dispose',()=>c.dispose())
}
for(const k in T)console.log(k,(T[k]/N*1000).toFixed(0),'µs')
