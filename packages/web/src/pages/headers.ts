import type { Brand } from './theme/brand.ts'

/** What a page does, as far as its headers care. */
export interface PageManners {
  /** Whether the page holds a form that posts. */
  readonly posts: boolean
}

/**
 * The headers every built-in page is served with: nothing foreign is loaded, nobody frames it,
 * nobody stores or indexes it, and no address with a token in it leaves as a Referer (T-39).
 *
 * A page that posts says `strict-origin`, since `no-referrer` would turn the Origin of its POST
 * into `null` and the cross-site rule would refuse it; the path and `?t=` stay home either way.
 */
export function pageHeaders(brand: Brand, manners: PageManners): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy(brand),
    'Referrer-Policy': manners.posts ? 'strict-origin' : 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, noarchive',
  }
}

function contentSecurityPolicy(brand: Brand): string {
  const logoOrigin = brand.logoUrl?.startsWith('https://') ? new URL(brand.logoUrl).origin : ''
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    `img-src 'self' data: ${logoOrigin}`.trimEnd(),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
