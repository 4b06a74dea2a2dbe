/**
 * The rule `linkpass/layers` for oxlint: imports of packages/*\/src point downwards, as layers.mjs
 * has it, and every source file has a layer.
 */
import { posix } from 'node:path'
import { layers } from './layers.mjs'

const layersRule = {
  create(context) {
    const place = placeOf(context.filename)
    if (place === undefined) return {}
    const { layer, file } = place
    const row = layer?.rows.findIndex((entries) => entries.some((entry) => holds(entry, file)))
    if (layer === undefined || row === -1) {
      const message = `${file} has no layer: add it to tools/lint/layers.mjs.`
      return { Program: (node) => context.report({ node, message }) }
    }
    const check = (node, kind) => {
      const message =
        typeof node.source?.value === 'string' && violationOf(place, row, node.source.value, kind)
      if (message) context.report({ node, message })
    }
    const checkStatic = (node) => check(node, isTypeOnly(node) ? 'type' : 'value')
    return {
      ImportDeclaration: checkStatic,
      ExportNamedDeclaration: checkStatic,
      ExportAllDeclaration: checkStatic,
      ImportExpression: (node) => check(node, 'lazy'),
    }
  },
}

/** The package's layers and the path below `src/`; undefined for any other file. */
function placeOf(filename) {
  const path = filename.replaceAll('\\', '/')
  const [, name, file] = /.*\/packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  // A package that is not published has no layers.
  return name === undefined || name === 'testing' ? undefined : { layer: layers[name], file }
}

/** Why a file may not import this, as `kind`; undefined when it may. */
function violationOf({ layer, file }, row, specifier, kind) {
  return specifier.startsWith('.')
    ? violationOfFile(layer, file, row, posix.join(posix.dirname(file), specifier), kind)
    : violationOfPackage(layer, file, specifier, kind)
}

function violationOfFile({ rows, lazy, types }, file, row, target, kind) {
  if (target.startsWith('..')) return 'Import another package by its name.'
  const own = rows[row].find((entry) => holds(entry, file))
  if (holds(own, target)) return undefined
  if (types !== undefined && holds(types, target) && kind === 'type') return undefined
  const targetRow = rows.findIndex((entries) => entries.some((entry) => holds(entry, target)))
  if (targetRow <= row) return `Imports point downwards: ${target} is not below ${file}.`
  if (lazy !== undefined && holds(lazy, target) && kind === 'value') {
    return `Import types alone from ${target}: it is loaded with the first call.`
  }
  return undefined
}

function violationOfPackage({ imports }, file, specifier, kind) {
  const key = Object.keys(imports).find((known) =>
    known.endsWith('*') ? specifier.startsWith(known.slice(0, -1)) : specifier === known,
  )
  if (key === undefined) return `This package does not import ${specifier}.`
  const allowed = imports[key]
  if (allowed === 'value' || kind === 'type') return undefined
  if (allowed === 'type') return `Import types alone from ${specifier}.`
  if (holds(allowed, file)) return undefined
  return `Only ${allowed} may import ${specifier}; import its types alone here.`
}

/** Whether an entry names a file, or a folder that it is in. */
function holds(entry, file) {
  return entry
    .split(' ')
    .some((name) => name === '*' || name === file || (name.endsWith('/') && file.startsWith(name)))
}

function isTypeOnly({ importKind, exportKind, specifiers }) {
  if (importKind === 'type' || exportKind === 'type') return true
  return (
    specifiers?.length > 0 &&
    specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type')
  )
}

export default { meta: { name: 'linkpass' }, rules: { layers: layersRule } }
