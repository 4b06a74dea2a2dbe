import type { Brand } from './theme/brand.ts'

/**
 * The headers of every built-in page: it loads nothing from other hosts but the logo, cannot be framed, stored,
 * indexed or controlled by a page that opened it, and sends no `?t=` as a Referer (T-39).
 *
 * A page that posts has `strict-origin`, which sends no path either: `no-referrer` would set the Origin of its
 * POST to `null`, which the cross-site rule rejects. It has no `form-action`, since Chromium applies that to every
 * redirect after the POST, and so would block where the app goes.
 *
 * @param posts whether the page holds a form that posts
 */
export function pageHeaders(brand: Brand, posts: boolean): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy(brand, posts),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': posts ? 'strict-origin' : 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, noarchive',
  }
}

function contentSecurityPolicy(brand: Brand, posts: boolean): string {
  const logoOrigin = brand.logoUrl?.startsWith('https://') ? new URL(brand.logoUrl).origin : ''
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    `img-src 'self' data: ${logoOrigin}`.trimEnd(),
    ...(posts ? [] : ["form-action 'none'"]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
