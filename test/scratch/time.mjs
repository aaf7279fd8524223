import { isolate } from '@trace2/instrumentation/isolation'
const cases = {
 'while(1)': '() => { while (1); }',
 'indexOf sparse': '() => { const a = []; a.length = 2**32-1; return a.indexOf(1) }',
 'includes array-like': '() => Array.prototype.includes.call({length: 2**53-1}, 1)',
 'join sparse': '() => new Array(2**28).join("ab").length',
 'reverse sparse': '() => { const a = []; a.length = 2**32-1; a.reverse(); return 1 }',
 'replaceAll': '() => "a".repeat(100000).replaceAll("a", "b".repeat(100000)).length',
 'string indexOf': '() => { const a = "a".repeat(4000000); return a.indexOf("a".repeat(2000000)+"b") }',
 'BigInt mul': '() => { let a = 3n ** 300000n; a = a * a; return a.toString().length }',
 'BigInt pow': '() => { return (2n ** (2n ** 28n)).toString().length }',
 'split': "() => 'x'.repeat(2**28).split('').length",
 'regex': '() => /(a+)+$/.test("a".repeat(64) + "!")',
 'try alloc': '() => { const a = []; while (1) { try { a.push("x".repeat(1e6)) } catch (e) { return a.length } } }',
 'deep': '() => { let o = {}; for (let i=0;i<200000;i++) o = {o}; return o }',
 'sort': '() => { const a = []; for (let i=0;i<2e5;i++) a.push((i*7919)%1e5); for(;;) a.sort() }',
 'recursion': '() => { const go = () => go() + 1; return go() }',
 
 'own then': '() => { Promise.prototype.then = function(){ return {} }; return Promise.resolve(1) }',
 'function deep': '(s) => { try { Function("return " + "[".repeat(100000)) } catch {} return 1 }',
}
const add = await isolate('(a, b) => a + b')
add(1,2)
for (const [n,src] of Object.entries(cases)) { const f = await isolate(src, {timeMs: 100}); const t=performance.now(); let o
  try { o = f(); if (o instanceof Promise) o = await o } catch (e) { o = (e?.code??'')+' '+String(e?.message??e).slice(0,60) }
  const ms=performance.now()-t; const t2=performance.now(); let nb; try { nb = add(1,2) } catch(e) { nb = String(e) }
  console.log(n.padEnd(20), ms.toFixed(0)+' ms', String(typeof o==='object'?'object':o).slice(0,70), '| neighbour', nb, (performance.now()-t2).toFixed(1)) }
