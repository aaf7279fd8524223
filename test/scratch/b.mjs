import { Worker, MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import { threadText } from '/tmp/wt/code/packages/instrumentation/dist/isolation/generated/thread.js'
const code = brotliDecompressSync(Buffer.from(threadText,'base64')).toString()
console.log(code.slice(0,300), code.length)
const { port1, port2 } = new MessageChannel()
const w = new Worker(code,{eval:true,workerData:{harness:'',signals:new Int32Array(new SharedArrayBuffer(8)),port:port2},transferList:[port2],env:{},execArgv:[]})
w.on('error',e=>console.log('ERR',e)); w.on('exit',c=>console.log('exit',c)); port1.on('message',m=>console.log(m))
setTimeout(()=>process.exit(),3000)
