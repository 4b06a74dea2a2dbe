import { needsRefreshToken, needsTokens } from '../applicable.ts'
import type { Check, Findings, Problem } from '../check.ts'
import type { Site } from '../site/site.ts'

export const expiry: Check = {
  name: 'expiry',
  title: 'An expired session is refreshed, and without a live refresh token it is refused',
  fix: 'Verify the signature, exp and drn of the session token. If it has expired, refresh it with the refresh token, and respond 401 if the service refuses that.',
  notApplicable: needsTokens,
  run: async (site: Site): Promise<Findings> => {
    const { sessionCookie, refreshCookie, refreshes, page } = site.facts
    if (sessionCookie === undefined) return { problems: [] }
    const problems: Problem[] = []
    const refuse = async (what: string, age: 'live' | 'expired', change: Change): Promise<void> => {
      const { browser, tokens } = await (age === 'live'
        ? site.withSession()
        : site.withExpiredSession())
      await change(browser.jar, tokens.refreshJwt)
      const shownBy = await site.visitPage(browser)
      if (site.isIn(shownBy)) problems.push({ problem: `${what} gets in.`, shownBy })
      else if (shownBy.status >= 500)
        problems.push({ problem: `${what} causes a server error.`, shownBy })
    }
    const session = sessionCookie.name
    const refresh = refreshCookie?.name
    await refuse('An expired session without a refresh token', 'expired', (jar) => {
      if (refresh !== undefined) jar.delete(refresh)
    })
    if (refresh !== undefined) {
      await refuse('An expired session whose refresh token was revoked', 'expired', (_, token) =>
        site.revoke(token),
      )
    }
    await refuse('A session token with a forged signature', 'live', (jar) => {
      jar.replace(session, forged(jar.get(session)?.value ?? ''))
      if (refresh !== undefined) jar.delete(refresh)
    })
    if (!refreshes && needsRefreshToken(site.facts) === undefined) {
      const shownBy = await site.visitPage((await site.withExpiredSession()).browser)
      if (site.isIn(shownBy)) return { problems }
      const problem = `A user with a live refresh token is signed out when the session token expires, after ten minutes on ${page}.`
      problems.push({
        problem,
        shownBy,
        fix: 'Refresh the session with the refresh token, and send the new tokens as cookies.',
      })
    }
    return { problems }
  },
}

type Change = (
  jar: Awaited<ReturnType<Site['withSession']>>['browser']['jar'],
  refreshToken: string,
) => void | Promise<void>

/** The same token with another signature. */
function forged(jwt: string): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  return `${header}.${payload}.${Array.from(signature).toReversed().join('')}`
}
