// docs/ as a site. Its pages are written for the forge, so links that leave docs/ lead into the repository:
// REPOSITORY_URL says where it is, such as https://github.com/owner/name. Without it they are plain text.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))
const vue = fileURLToPath(new URL('../node_modules/vue/', import.meta.url))
const repository = process.env.REPOSITORY_URL

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M4 2v12h8" fill="none" stroke="#3451b2" stroke-width="3"/></svg>'

const styles = `
  html:root { --vp-code-lang-color: var(--vp-c-text-2) }
  .DocSearch-Button-Keys { display: none !important }
`

// oxlint-disable-next-line import/no-default-export -- VitePress reads it
export default {
  title: 'Linkpass',
  description: 'Sign-in by link for Node servers',
  srcDir: docs,
  outDir: fileURLToPath(new URL('../dist', import.meta.url)),
  cleanUrls: true,
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  ignoreDeadLinks: [/^http:..localhost/, /^\.\.?\//],
  // The pages are not in the folder where Vue is installed.
  vite: {
    resolve: {
      alias: [
        { find: /^vue\/server-renderer$/, replacement: join(vue, 'server-renderer/index.mjs') },
        { find: /^vue$/, replacement: join(vue, 'dist/vue.runtime.esm-bundler.js') },
      ],
    },
  },
  // VitePress has too little contrast here, and a button whose label is not what it shows.
  head: [
    ['style', {}, styles],
    ['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }],
  ],
  markdown: {
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (markdown) => markdown.core.ruler.push('links', fitLinks),
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sidebarOf(readFileSync(join(docs, 'README.md'), 'utf8')),
  },
}

/** The contents of docs/README.md: a group for each bold line, a page for each link. */
function sidebarOf(contents) {
  const groups = []
  for (const line of contents.split('\n')) {
    const [, text] = /^\*\*(.+)\*\*$/.exec(line) ?? []
    if (text !== undefined) groups.push({ text, items: [] })
    for (const [, title, page] of line.matchAll(/\[([^\]]+)\]\(([^)]+)\.md\)/g)) {
      groups
        .at(-1)
        ?.items.push({ text: capitalised(title), link: `/${page.replace(/README$/, '')}` })
    }
  }
  return groups
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The anchor of a heading on the forge, for which links are written. */
function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

/**
 * Links of the forge as links of the site. Without the address of the repository, one that leaves docs/
 * would lead nowhere: its text stays.
 */
function fitLinks({ tokens, env }) {
  const folder = posix.dirname(env.relativePath ?? '')
  for (const block of tokens.filter(({ children }) => children !== null)) {
    let leaves = false
    block.children = block.children.filter((token) => {
      if (token.type === 'link_open') {
        const href = token.attrGet('href') ?? ''
        const path = posix.join('docs', folder, href)
        leaves = href.startsWith('../') && !path.startsWith('docs/')
        token.attrSet(
          'href',
          leaves ? `${repository}/blob/main/${path}` : href.replace(/README\.md(?=#|$)/, ''),
        )
      }
      return !(leaves && repository === undefined && token.type.startsWith('link_'))
    })
  }
}
