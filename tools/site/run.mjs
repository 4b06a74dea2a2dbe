// `npm run site` builds docs/ as a site with search into tools/site/dist; `npm run site -- dev` serves it
// while you write. VitePress is installed when this first runs, since nothing else needs it.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('./', import.meta.url))
const [command = 'build'] = process.argv.slice(2)
const run = (program, args) => execFileSync(program, args, { cwd: here, stdio: 'inherit' })

if (!existsSync(new URL('node_modules', import.meta.url))) {
  process.stderr.write('First run: installing VitePress …\n')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', '--silent']
  run('npm', ['install', ...quiet])
}
run(process.execPath, ['node_modules/vitepress/bin/vitepress.js', command, '.'])
