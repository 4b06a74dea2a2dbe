// `npm run api`: writes docs/api/, what each package exports, with its docstrings. A test compares it, so
// that a change of the public surface is seen in review.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publishedPackages, root, run } from './packages.mjs'

const folder = join(root, 'docs/api')

/** The reports by file name, as the source has them now. */
function apiReports() {
  const declarations = mkdtempSync(join(tmpdir(), 'linkpass-api-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    run(process.execPath, [
      tsc,
      '-p',
      join(root, 'tools/scripts/api.tsconfig.json'),
      '--outDir',
      declarations,
    ])
    return Object.fromEntries(
      publishedPackages().map((manifest) => [
        `${manifest.name.split('/')[1]}.md`,
        reportOf(manifest, declarations),
      ]),
    )
  } finally {
    rmSync(declarations, { recursive: true })
  }
}

function reportOf({ name, folder: source, exports }, declarations) {
  const entries = Object.entries(exports)
    .filter(([path]) => path !== './package.json' && path !== './internal')
    .map(([path, conditions]) => {
      const file = join(source, conditions['@linkpass/source']).replace(/^packages/, declarations)
      const found = [...exportsOf(file.replace(/\.ts$/, '.d.ts'))].sort(([a], [b]) =>
        a < b ? -1 : 1,
      )
      return `## ${name}${path.slice(1)}\n\n${found.map(([as, text]) => section(as, text)).join('\n')}`
    })
  const note = 'Made by `npm run api` from the source.'
  return `# ${name}\n\n${note}\n\n${entries.join('\n')}`
}

function section(name, text) {
  return `### ${name}\n\n\`\`\`ts\n${text}\n\`\`\`\n`
}

/** What a declaration file exports: the declaration of each name, with its docstring. */
function exportsOf(file) {
  const found = new Map()
  const statements = statementsOf(readFileSync(file, 'utf8'))
  const declared = new Map(statements.map((text) => [nameOf(text), text]))
  for (const text of statements) {
    const [, list, from] = /^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/.exec(text) ?? []
    const [, all] = /^export (?:type )?\* from '([^']+)'/.exec(text) ?? []
    if (all !== undefined)
      for (const [name, one] of exportsOf(pathOf(file, all))) found.set(name, one)
    else if (list !== undefined) {
      for (const [name, as] of namesIn(list)) {
        const theirs = from?.startsWith('.') ? exportsOf(pathOf(file, from)) : declared
        found.set(as, theirs.get(name) ?? `export { ${name} } from '${from}'`)
      }
    } else if (/^export default/m.test(text)) found.set('default', withoutDoc(text))
    else if (/^export /m.test(text)) found.set(nameOf(text), text)
  }
  return found
}

function namesIn(list) {
  return list
    .split(',')
    .map((part) => part.trim().replace(/^type /, ''))
    .filter((part) => part !== '')
    .map((part) => {
      const [name, as = name] = part.split(' as ')
      return [name, as]
    })
}

function pathOf(file, specifier) {
  return join(dirname(file), specifier.replace(/\.(?:ts|js)$/, '.d.ts'))
}

/** The statements of a declaration file, each with the docstring in front of it. */
function statementsOf(text) {
  const statements = []
  let doc = ''
  for (const line of text.split('\n')) {
    if (/^(?:export|declare|import|interface|type)\b/.test(line)) {
      statements.push(doc + line)
      doc = ''
    } else if (line.startsWith('/**') || (doc !== '' && line.startsWith(' *'))) doc += `${line}\n`
    else if (/^[\s})\]|&]/.test(line)) statements[statements.length - 1] += `\n${line}`
  }
  return statements.map((one) => one.trim())
}

function nameOf(statement) {
  const declaration =
    /^(?:export )?(?:declare )?(?:abstract )?(?:function|const|let|class|interface|type|namespace) (\w+)/m
  return declaration.exec(statement)?.[1] ?? ''
}

function withoutDoc(text) {
  return text.replace(/^\/\*\*[^]*?\*\/\n/, '')
}

const reports = apiReports()
if (process.argv.includes('--check')) {
  const stale = Object.keys(reports).filter((name) => reports[name] !== currentReport(name))
  if (stale.length > 0) {
    console.error(`docs/api/ lacks what the source exports: ${stale.join(', ')}. Run npm run api.`)
    process.exit(1)
  }
} else {
  for (const [name, text] of Object.entries(reports)) writeFileSync(join(folder, name), text)
  console.log(`Wrote ${Object.keys(reports).join(', ')} in docs/api.`)
}

function currentReport(name) {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
