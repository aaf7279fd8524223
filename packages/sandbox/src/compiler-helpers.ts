import { type HelperName, helperNames, helperOf, isHelperLibrary } from '@trace2/source'
import * as tslib from 'tslib'

/**
 * Functions that compilers call in the code they make for older languages, by name, with their source: a function that
 * was built so is to run where the rest of the build is not. TypeScript's are those of its own library, but for those
 * that need one another.
 */
const sources: Readonly<Record<HelperName, string>> = {
  // TypeScript, and what has taken over its names
  ...fromTslib(
    '__generator',
    '__rest',
    '__spreadArray',
    '__read',
    '__values',
    '__makeTemplateObject',
    '__classPrivateFieldGet',
    '__classPrivateFieldSet',
    '__classPrivateFieldIn',
  ),
  __assign: 'Object.assign',
  __awaiter: '(self,args,kind,generator)=>__async(self,args,generator)',
  __asyncValues: asyncValues(),
  __asyncDelegator: asyncDelegator(),
  // esbuild
  __name: '(fn,name)=>Object.defineProperty(fn,"name",{value:name,configurable:true})',
  __async:
    '(self,args,generator)=>new Promise((resolve,reject)=>{const step=(kind,value)=>{let given;try{given=it[kind](value)}catch(error){return reject(error)}given.done?resolve(given.value):Promise.resolve(given.value).then((value)=>step("next",value),(error)=>step("throw",error))};const it=generator.apply(self,args||[]);step("next")})',
  __await:
    'function(value,delegated){if(!(this instanceof __await))return new __await(value);this.value=value}',
  __asyncGenerator:
    '(self,args,generator)=>(async function*(){const it=generator.apply(self,args||[]);let kind="next",sent;for(;;){const{done,value}=it[kind](sent);kind="next";try{if(value instanceof __await){sent=await value.value;if(done)return sent}else if(done)return value;else sent=yield value}catch(error){kind="throw";sent=error}}})()',
  __yieldStar: asyncDelegator(),
  __forAwait: asyncValues(),
  __spreadValues: '(a,b)=>Object.assign(a,b)',
  __spreadProps: spreadProps(),
  __objRest: objectRest(),
  __pow: 'Math.pow',
  __publicField: defineProperty(),
  __privateAdd:
    '(object,fields,value)=>fields instanceof WeakSet?fields.add(object):fields.set(object,value)',
  __privateGet:
    '(object,fields,getter)=>{if(!fields.has(object))throw new TypeError("Cannot read from private field");return getter?getter.call(object):fields.get(object)}',
  __privateSet:
    '(object,fields,value,setter)=>{if(!fields.has(object))throw new TypeError("Cannot write to private field");setter?setter.call(object,value):fields.set(object,value);return value}',
  __privateMethod: '(object,fields,method)=>method',
  __privateIn: '(fields,object)=>fields.has(object)',
  __privateWrapper:
    '(object,fields,setter,getter)=>({set _(value){__privateSet(object,fields,value,setter)},get _(){return __privateGet(object,fields,getter)}})',
  __template: templateObject(),
  // swc and Babel
  _async_to_generator: asyncToGenerator(),
  _asyncToGenerator: asyncToGenerator(),
  _object_spread: '(target,...sources)=>Object.assign(target,...sources)',
  _objectSpread: '(target,...sources)=>Object.assign(target,...sources)',
  _objectSpread2: '(target,...sources)=>Object.assign(target,...sources)',
  _object_spread_props: spreadProps(),
  _extends: 'Object.assign',
  _object_without_properties: objectRest(),
  _objectWithoutProperties: objectRest(),
  _define_property: `(object,key,value)=>((${defineProperty()})(object,key,value),object)`,
  _defineProperty: `(object,key,value)=>((${defineProperty()})(object,key,value),object)`,
  _to_consumable_array: '(items)=>Array.from(items)',
  _toConsumableArray: '(items)=>Array.from(items)',
  _sliced_to_array: slicedToArray(),
  _slicedToArray: slicedToArray(),
  _tagged_template_literal: templateObject(),
  _taggedTemplateLiteral: templateObject(),
  _class_private_field_init: '(object,fields,field)=>{fields.set(object,field)}',
  _class_private_field_get:
    '(object,fields)=>{const field=fields.get(object);return field.get?field.get.call(object):field.value}',
  _class_private_field_set:
    '(object,fields,value)=>{const field=fields.get(object);field.set?field.set.call(object,value):field.value=value;return value}',
  _type_of: '(value)=>typeof value',
  _typeof: '(value)=>typeof value',
  _instanceof: '(value,type)=>value instanceof type',
}

const needs: Readonly<Partial<Record<HelperName, readonly HelperName[]>>> = {
  __awaiter: ['__async'],
  __asyncGenerator: ['__await'],
  __asyncDelegator: ['__await'],
  __yieldStar: ['__await'],
  __privateWrapper: ['__privateGet', '__privateSet'],
  _async_to_generator: ['__async'],
  _asyncToGenerator: ['__async'],
}

function fromTslib<N extends HelperName & keyof typeof tslib>(...names: readonly N[]) {
  // It has each of the names and no other, which the type of `fromEntries` cannot say.
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: its functions are looked up by name.
  return Object.fromEntries(names.map((name) => [name, String(tslib[name])])) as Record<N, string>
}

function asyncValues(): string {
  return '(values)=>{const make=values[Symbol.asyncIterator];return make?make.call(values):(async function*(){yield*values})()}'
}

function asyncDelegator(): string {
  return 'function*(values){const make=values[Symbol.asyncIterator]||values[Symbol.iterator],it=make.call(values);for(;;){const given=yield new __await(it.next());if(given.done)return given.value;yield given.value}}'
}

function asyncToGenerator(): string {
  return '(generator)=>function(){return __async(this,arguments,generator)}'
}

function spreadProps(): string {
  return '(a,b)=>Object.defineProperties(a,Object.getOwnPropertyDescriptors(b))'
}

function objectRest(): string {
  return '(object,left)=>{const rest={...object};for(const key of left)delete rest[key];return rest}'
}

function defineProperty(): string {
  return '(object,key,value)=>(Object.defineProperty(object,key,{value,writable:true,enumerable:true,configurable:true}),value)'
}

function slicedToArray(): string {
  return '(items,count)=>{const slice=[];for(const item of items){if(slice.length>=count)break;slice.push(item)}return slice}'
}

function templateObject(): string {
  return '(cooked,raw)=>Object.freeze(Object.defineProperty(cooked,"raw",{value:Object.freeze(raw||cooked.slice())}))'
}

/** One line that declares the compiler's helpers among the names; empty where none is. */
export function helperDeclarations(names: Iterable<string>): string {
  const declared = new Map<string, string>()
  const declare = (name: string): void => {
    const helper = helperOf(name)
    if (helper === undefined || declared.has(name)) return
    // Where helpers are imported, each is a module with the function as a member.
    declared.set(
      name,
      `${name}=((helper)=>{helper._=helper.default=helper;return helper})(${own(helper)})`,
    )
    for (const each of needs[helper] ?? []) declare(each)
  }
  const namespaces: string[] = []
  for (const name of names) {
    if (isHelperLibrary(name)) namespaces.push(name)
    else declare(name)
  }
  if (namespaces.length > 0) for (const name of helperNames) declare(name)
  const all = [...declared].filter(([name]) => name.startsWith('__')).map(([name]) => name)
  const objects = namespaces.map((name) => `${name}={${all.join(',')}}`)
  const parts = [...declared.values(), ...objects]
  return parts.length === 0 ? '' : `var ${parts.join(',')};`
}

/** A built-in is not ours to add members to. */
function own(helper: HelperName): string {
  const source = sources[helper]
  return /^[\w.]+$/.test(source)
    ? `(...args)=>${source}(...args)`
    : source.replace(/\s*\n\s*/g, ' ')
}
