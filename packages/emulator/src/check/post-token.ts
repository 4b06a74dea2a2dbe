import type { Browser, Exchange } from './browser.ts'

/** Where apps take the token of a link as JSON. */
export const usualVerifyPaths: readonly string[] = [
  ...[
    '/verify',
    '/magiclink/verify',
    '/magic-link/verify',
    '/auth/verify',
    '/auth/magiclink/verify',
  ],
  ...['/api/verify', '/api/magiclink/verify', '/api/auth/verify', '/api/auth/magiclink/verify'],
]

/**
 * Redeems a link as the script of its page does, which is not run here: it posts the one-time token as
 * JSON to the paths, up to the first one that redeems it.
 */
export async function postToken(
  browser: Browser,
  paths: readonly string[],
  token: string,
  isRedeemed: () => boolean,
): Promise<Exchange | undefined> {
  let last: Exchange | undefined
  for (const path of paths) {
    last = await browser.request(path, { json: { t: token, token } })
    if (isRedeemed()) break
  }
  return last
}
