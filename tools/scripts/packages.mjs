// The published packages: every folder of packages/ whose package.json is not private, in an order
// in which each comes after the packages that it depends on.
import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'

export const root = fileURLToPath(new URL('../../', import.meta.url))

const readJson = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'))

/** Name, version and folder of each published package, dependencies first. */
export function publishedPackages() {
  const found = readdirSync(join(root, 'packages'))
    .map((name) => ({ folder: `packages/${name}`, ...readJson('packages', name, 'package.json') }))
    .filter((manifest) => !manifest.private)
  const sorted = []
  const add = (manifest) => {
    if (sorted.includes(manifest)) return
    const { dependencies, devDependencies, peerDependencies } = manifest
    const needed = { ...dependencies, ...devDependencies, ...peerDependencies }
    for (const other of found) if (other.name in needed) add(other)
    sorted.push(manifest)
  }
  for (const manifest of found) add(manifest)
  return sorted
}

/** Runs a program, with more variables, and ends this process with its output if it fails. */
export function run(command, args, cwd = root, env = {}) {
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      // npm and npx are .cmd files on Windows, which only a shell can start.
      shell: process.platform === 'win32',
    })
  } catch (error) {
    return fail(command, args, error)
  }
}

function fail(command, args, { stdout, stderr }) {
  console.error(`failed: ${[command, ...args].join(' ')}\n${stdout}\n${stderr}`)
  return process.exit(1)
}

/**
 * Compiles every published package into its dist/, and for CommonJS into dist/cjs/, from nothing, so
 * that no stale file stays. The ESM of a package is a few files, since Node takes longer to load many than
 * to run them; with `preserveModules` it is a file for each source file. Prints a line on stderr for each.
 */
export async function build({ preserveModules = false } = {}) {
  const packages = publishedPackages()
  for (const { folder } of packages) {
    rmSync(join(root, folder, 'dist'), { recursive: true, force: true })
  }
  // Each build reads the types of its own kind alone, so the two run side by side.
  await Promise.all([compileAll(packages, 'tsconfig.build.json'), compileAll(packages, cjs)])
  await Promise.all(packages.map((manifest) => bundle(manifest, preserveModules)))
  for (const { folder } of packages) {
    const commonJs = join(root, folder, 'dist/cjs')
    writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n')
    keepImportsOfJose(commonJs)
  }
}

const cjs = 'tsconfig.cjs.json'

// V8 keeps the source of a module, with two bytes for each character if one of them is no Latin-1 character.
// Comments are in the declarations and in the source maps.
const small = {
  comments: { jsdoc: false },
  minify: { compress: false, mangle: false, codegen: { asciiOnly: true, removeWhitespace: false } },
}

// One file for each entry point, and one for what several share or what is loaded later.
async function bundle({ folder, bin, exports, ...manifest }, preserveModules) {
  const sources = Object.values(exports).flatMap((entry) => entry['@linkpass/source'] ?? [])
  if (bin !== undefined) sources.push('./src/cli/main.ts')
  const names = sources.map((source) => source.replace(/^\.\/src\/|\.ts$/g, ''))
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies }
  const bundled = await rolldown({
    cwd: join(root, folder),
    input: Object.fromEntries(names.map((name, index) => [name, sources[index]])),
    platform: 'node',
    transform: { target: 'es2023' },
    external: [/^node:/, ...Object.keys(needed).map((name) => new RegExp(`^${name}(/|$)`))],
  })
  const files = preserveModules ? { preserveModules } : { chunkFileNames: 'chunks/[name].js' }
  await bundled.write({ dir: 'dist', format: 'esm', sourcemap: true, ...small, ...files })
  await bundled.close()
}

async function compileAll(packages, config) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  for (const { folder, name } of packages) {
    console.error(`Compiling ${name}${config === cjs ? ' for CommonJS' : ''} …`)
    const args = [tsc, '-p', join(folder, config)]
    await promisify(execFile)(process.execPath, args, { cwd: root }).catch((error) =>
      fail(process.execPath, args, error),
    )
  }
}

// jose is ESM alone, which require() loads only on some Nodes. Everything else stays require(), since
// test runners for CommonJS, such as Jest, refuse import().
function keepImportsOfJose(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.js')) continue
    const file = join(folder, name)
    const compiled = readFileSync(file, 'utf8')
    const kept = compiled.replaceAll(
      "Promise.resolve().then(() => __importStar(require('jose')))",
      "import('jose')",
    )
    if (/require\(.jose.\)/.test(kept)) throw new Error(`${file} loads jose with require().`)
    if (kept !== compiled) writeFileSync(file, kept)
  }
}
