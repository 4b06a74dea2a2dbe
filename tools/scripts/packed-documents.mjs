// The documents of a tarball: its README and SECURITY.md, whose links fit where npm installs them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { publishedPackages, root } from './packages.mjs'

/** Writes SECURITY.md beside an unpacked package's README, and fits the links of all its documents. */
export function writePackedDocuments({ folder, files }, unpacked) {
  const documents = files.filter((file) => file.endsWith('.md'))
  for (const source of ['SECURITY.md', ...documents.map((file) => posix.join(folder, file))]) {
    const text = readFileSync(join(root, source), 'utf8')
    writeFileSync(join(unpacked, posix.basename(source)), fitLinks(text, source, folder))
  }
}

// A link in a code block is code, such as a call of `table[name](argument)`.
function fitLinks(text, source, folder) {
  const parts = text.split(/(```[\s\S]*?```)/)
  return parts
    .map((part, index) => (index % 2 === 1 ? part : fitLinksOfProse(part, source, folder)))
    .join('')
}

function fitLinksOfProse(text, source, folder) {
  const link = /\[([^\]]+)\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g
  return text.replaceAll(link, (_link, label, path, anchor = '') => {
    const target = posix.join(posix.dirname(source), path)
    if (target === 'SECURITY.md') return `[${label}](SECURITY.md${anchor})`
    // Packages are neighbours in node_modules as they are here; tests and tools are in no tarball.
    return isShipped(target) ? `[${label}](${posix.relative(folder, target)}${anchor})` : label
  })
}

function isShipped(target) {
  return publishedPackages().some(({ folder, files }) =>
    [folder, ...files.map((file) => posix.join(folder, file))].some(
      (shipped) => target === shipped || (shipped !== folder && target.startsWith(`${shipped}/`)),
    ),
  )
}
