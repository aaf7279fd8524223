// What a program's own TypeScript loader does, for webpack.
const { transformSync } = require('esbuild')

module.exports = function stripTypes(text) {
  const options = { loader: 'ts', sourcemap: 'external', sourcefile: this.resourcePath }
  const { code, map } = transformSync(text, options)
  this.callback(null, code, JSON.parse(map))
}
