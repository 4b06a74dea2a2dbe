import { needsPage } from '../applicable.ts'
import type { Check, Findings } from '../check.ts'
import { type Site, isIn } from '../site.ts'

export const caching: Check = {
  name: 'caching',
  title: 'No cache keeps a page of a signed-in user for others',
  fix: 'Send Cache-Control: private, no-store with pages, and private, no-cache with other guarded responses.',
  notApplicable: needsPage,
  run: async (site: Site): Promise<Findings> => {
    const page = await site.visitPage(await site.freshSession())
    const problem = isIn(page) ? cachingProblem(headerOf(page.headers['cache-control'])) : undefined
    return { problems: problem === undefined ? [] : [{ problem, shownBy: page }] }
  },
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
  if (header === '')
    return 'The page has no Cache-Control, so each cache on the way decides for itself.'
  return `Cache-Control: ${header} does not keep shared caches from storing the page.`
}

function headerOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ')
}
