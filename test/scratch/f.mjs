import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { insideText } from '/tmp/wt/code/packages/instrumentation/dist/isolation/generated/inside.js'
import { Engine } from '/tmp/eng/engine.js'
const e=new Engine(await newQuickJSWASMModuleFromVariant(variant))
for (const src of ['()=>{while(1);}','()=>1','()=>/(a+)+$/.test("a".repeat(64) + "!")','()=>{ const a=[]; for(;;) a.push({}) }']) {
e.open({harness:insideText,program:src.length,text:`(function(){"use strict";const m=(${src});return {main:m,shared:{__proto__:null}}})`,secretive:[],memoryBytes:32e6,timeMs:100},()=>'')
const t=performance.now()
try{console.log(e.enter('["begin"]\n[["u"]]\n\n["call"]\n[["u"],1,2]'))}catch(x){console.log(String(x))}
console.log('ms',performance.now()-t, e.left)
}
