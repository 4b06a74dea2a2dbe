import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishedPackages, root, run } from './packages.mjs'
import { writePackedDocuments } from './packed-documents.mjs'
import { writePackedManifest } from './packed-manifest.mjs'

/**
 * Packs every published package, already built, into `folder`; returns the paths of the tarballs. Prints a
 * line on stderr for each.
 */
export function pack(folder) {
  mkdirSync(folder, { recursive: true })
  const { config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packages = publishedPackages()
  // pnpm, because it fills in the versions of the workspace and of the catalog.
  const pnpm = ['--prefer-offline', '-y', `pnpm@${config.pnpm}`, '--recursive']
  const filters = packages.flatMap(({ name }) => ['--filter', name])
  run('npx', [...pnpm, ...filters, 'pack', '--pack-destination', folder])
  return packages.map((manifest) => {
    console.error(`Packing ${manifest.name} …`)
    const tarball = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    run('tar', ['-xzf', tarball], folder)
    writePackedDocuments(manifest, join(folder, 'package'))
    writePackedManifest(manifest, join(folder, 'package'))
    run('tar', ['-czf', tarball, 'package'], folder)
    rmSync(join(folder, 'package'), { recursive: true })
    return join(folder, tarball)
  })
}
