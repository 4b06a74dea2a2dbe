// The package.json of a tarball: it names the repository, which npm shows and provenance requires.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.mjs'

/** Adds `repository` to the manifest of an unpacked package, where the source is public. */
export function writePackedManifest({ folder }, unpacked) {
  const { stdout } = spawnSync('git', ['remote', 'get-url', 'origin'], {
    cwd: root,
    encoding: 'utf8',
  })
  const url = repositoryUrl(process.env, stdout ?? '')
  if (url === undefined) return
  const file = join(unpacked, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  const repository = { type: 'git', url, directory: folder }
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, undefined, 2)}\n`)
}

/**
 * The address of the repository as npm writes it: the one that the hosted workflow runs for, else the remote
 * `origin`. Undefined for a checkout of neither.
 */
export function repositoryUrl({ GITHUB_SERVER_URL, GITHUB_REPOSITORY }, origin) {
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY) {
    return `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`
  }
  const remote =
    /^(?:git@|ssh:\/\/git@|https:\/\/(?:[^/]*@)?)([\w.-]+)[:/]([\w./-]+?)(?:\.git)?\s*$/
  const [, host, path] = remote.exec(origin) ?? []
  return host && `git+https://${host}/${path}.git`
}
