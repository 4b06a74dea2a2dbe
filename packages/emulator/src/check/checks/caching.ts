import { needsPage } from '../applicable.ts'
import type { Exchange } from '../browser.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Site } from '../site/site.ts'

export const caching: Check = {
  name: 'caching',
  title: 'No cache keeps a page of a signed-in user for others',
  fix: 'Send Cache-Control: private, no-store with pages, and private, no-cache with other guarded responses.',
  notApplicable: needsPage,
  run: async (site: Site): Promise<Findings> => {
    const browser = await site.freshSession()
    const problems: Problem[] = []
    for (const path of site.facts.pages.slice(0, maxPages)) {
      const page = await browser.request(path)
      if (!site.isIn(page)) continue
      const problem =
        cachingProblem(headerOf(page, 'cache-control')) ??
        cdnHeaders.map((name) => cdnProblem(name, headerOf(page, name))).find(Boolean)
      if (problem !== undefined) problems.push({ problem, shownBy: page })
    }
    return { problems }
  },
}

const maxPages = 10
/** Headers that CDNs obey before Cache-Control (RFC 9213). */
const cdnHeaders = ['cdn-cache-control', 'surrogate-control', 'vercel-cdn-cache-control']

function cdnProblem(name: string, header: string): string | undefined {
  if (!/max-age\s*=\s*"?[1-9]/i.test(header) || /no-store|private/i.test(header)) return undefined
  return `${name}: ${header} lets the CDN give the page to other users.`
}

/** What is wrong with the Cache-Control of a guarded page (RFC 9111 section 5.2.2). */
export function cachingProblem(header: string): string | undefined {
  const directives = new Map(
    header.split(',').map((part) => {
      const [name = '', value = ''] = part.trim().toLowerCase().split('=')
      return [name, value.replaceAll('"', '')]
    }),
  )
  if (directives.has('no-store')) return undefined
  if (directives.has('public') || directives.has('s-maxage')) {
    return `Cache-Control: ${header} lets every cache on the way give the page to other users.`
  }
  if (directives.has('private') || directives.has('no-cache')) return undefined
  // Every use is then checked with the app, as with no-cache.
  if (directives.get('max-age') === '0' && directives.has('must-revalidate')) return undefined
  if (header === '')
    return 'The page has no Cache-Control, so each cache on the way decides for itself.'
  return `Cache-Control: ${header} does not keep shared caches from storing the page.`
}

function headerOf({ headers }: Exchange, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : (value ?? []).join(', ')
}
