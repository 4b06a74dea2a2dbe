import type { Check, Findings, Problem } from '../check.ts'
import type { StoredCookie } from '../cookie-jar.ts'
import type { Site } from '../site/site.ts'

export const cookieFlags: Check = {
  name: 'cookie-flags',
  title: 'The cookies of the session are HttpOnly, Secure and SameSite',
  fix: 'Set session cookies with HttpOnly; Secure; SameSite=Lax; Path=/.',
  run: async ({ facts }: Site): Promise<Findings> => {
    const { cookies, origin, renewed } = facts
    const secure = origin.startsWith('https:')
    const problems = cookies.flatMap((cookie) => flagProblems(cookie, origin))
    const notes = secure
      ? cookies
          .filter(mayBePlanted)
          .map(({ name }) => `${name} has no __Host- prefix, so a sibling host can set it.`)
      : [
          'Secure was not checked, since links lead to plain http. Start the app with its https URL to check it.',
        ]
    return { problems: renewed ? problems : [notRenewed, ...problems], notes }
  },
}

const notRenewed: Problem = {
  problem:
    'The sign-in keeps the session cookie that the browser had before. Whoever planted its value there is signed in, too.',
  fix: 'Make a new session id at each sign-in.',
}

/** What is wrong with the attributes of a session cookie of an app at this origin. */
export function flagProblems(cookie: StoredCookie, origin: string): readonly Problem[] {
  const { name, httpOnly, secure, sameSite, domain, path } = cookie
  const { protocol, hostname } = new URL(origin)
  const found: Problem[] = []
  if (!httpOnly)
    found.push({ problem: `${name} is not HttpOnly: every script of a page can read it.` })
  if (protocol === 'https:' && !secure) {
    found.push({ problem: `${name} is not Secure: browsers also send it over plain http.` })
  }
  if (sameSite === undefined) {
    found.push({
      problem: `${name} has no SameSite: some browsers send it with requests of other sites.`,
    })
  }
  if (sameSite === 'none' && !secure) {
    const problem = `${name} has SameSite=None without Secure, so browsers drop it.`
    found.push({ problem })
  } else if (sameSite === 'none') {
    const fix = 'Use SameSite=Lax, unless front ends of other sites need the session.'
    found.push({ problem: `${name} has SameSite=None: requests of every site carry it.`, fix })
  }
  const wide = domain?.replace(/^\./, '').toLowerCase() ?? hostname
  if (hostname.endsWith(`.${wide}`)) {
    const problem = `${name} has Domain=${domain}: every host below ${wide} gets the session.`
    const fix = 'Leave Domain out, unless other hosts of yours need the session.'
    found.push({ problem, fix })
  } else if (hostname !== wide) {
    const problem = `${name} has Domain=${domain}, which is not of ${hostname}, so browsers drop it.`
    found.push({ problem, fix: 'Leave Domain out.' })
  }
  const hostPrefix = name.startsWith('__Host-') && (!secure || domain !== undefined || path !== '/')
  if (hostPrefix || (name.startsWith('__Secure-') && !secure)) {
    const problem = `${name} lacks what its prefix needs, so browsers drop it.`
    found.push({
      problem,
      fix: 'A __Host- cookie needs Secure, Path=/ and no Domain; a __Secure- cookie needs Secure.',
    })
  }
  return found
}

// A cookie with a Domain cannot have the prefix.
function mayBePlanted({ name, domain }: StoredCookie): boolean {
  return domain === undefined && !name.startsWith('__Host-')
}
