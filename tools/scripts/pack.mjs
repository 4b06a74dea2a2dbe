// `npm run pack`: builds every published package, packs all of them into one folder, and prints the
// command that installs them.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pack } from './pack-all.mjs'
import { build, root } from './packages.mjs'

const folder = join(root, 'dist-tarballs')
rmSync(folder, { recursive: true, force: true })
await build()
const tarballs = pack(folder)
console.error('\nTo install them, run this line in the folder of your app:\n')
console.log(`npm install ${tarballs.join(' ')}`)
