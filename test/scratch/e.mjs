import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { insideText } from '/tmp/wt/code/packages/instrumentation/dist/isolation/generated/inside.js'
let t0=performance.now();const q = await newQuickJSWASMModuleFromVariant(variant);console.log('module',performance.now()-t0)
t0=performance.now();const q2 = await newQuickJSWASMModuleFromVariant(variant);console.log('module2',performance.now()-t0)
const mem=q.getWasmMemory();console.log('bytes',mem.buffer.byteLength)
const c=q.newContext();c.runtime.setMemoryLimit(32e6);c.runtime.setMaxStackSize(256*1024);
const o=c.unwrapResult(c.evalCode(insideText,'x'))
const send=c.newFunction('send',()=>c.undefined);const s=c.newString('')
const ins=c.unwrapResult(c.callFunction(o,c.undefined,send,s))
const p=c.unwrapResult(c.evalCode('globalThis.n=0;(function(){"use strict";const m=((a,b)=>a+b+(globalThis.n++));return {main:m,shared:{__proto__:null}}})','p'))
const d=c.getProp(ins,'define');c.unwrapResult(c.callFunction(d,c.undefined,p)).dispose()
const e=c.getProp(ins,'enter')
const words=new BigUint64Array(mem.buffer);let first=0,last=words.length-1;while(!words[last])last--;while(!words[first])first++
console.log('used',first*8,last*8);
let zeros=0,run=0,best=0,bestAt=0;for(let i=0;i<=last;i++){if(words[i]===0n){zeros++;run++;if(run>best){best=run;bestAt=i}}else run=0};console.log('zeros',zeros*8,'longest',best*8,'ends',bestAt*8)
const len=(last+1)*8;const snap=new Uint8Array(mem.buffer,0,len).slice()
let T=0,R=0;const N=2000
for(let i=0;i<N;i++){
 let t=performance.now();
 const g=c.newString('["begin"]\n[["u"]]\n\n["call"]\n[["u"],1,2]')
 const r=c.unwrapResult(c.callFunction(e,c.undefined,g));const out=c.getString(r);g.dispose();r.dispose()
 T+=performance.now()-t;t=performance.now()
 new Uint8Array(mem.buffer).set(snap);R+=performance.now()-t
 if(i===0||i===N-1)console.log(out)
}
console.log('call',(T/N*1000).toFixed(0),'restore',(R/N*1000).toFixed(0))
