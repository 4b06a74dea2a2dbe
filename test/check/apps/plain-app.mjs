/**
 * A small app with express and `@descope/node-sdk`, written with care: `check` finds no fault in it. The
 * broken apps beside it replace one part each.
 */
import DescopeClient from '@descope/node-sdk'
import express from 'express'

/** The service, by the environment that `check` sets. */
export const descope = DescopeClient({
  projectId: process.env.DESCOPE_PROJECT_ID,
  baseUrl: process.env.DESCOPE_BASE_URL,
})

/** The parts that another app replaces. */
const correct = {
  paths: { login: '/login', verify: '/verify', page: '/account', logout: '/logout' },
  maySend: () => true,
  linkOrigin: (req) => req.app.locals.url,
  openLink: confirmationPage,
  referrerPolicy: 'no-referrer',
  afterSignIn,
  cookieOptions: (appUrl) => ({
    httpOnly: true,
    secure: appUrl.startsWith('https:'),
    sameSite: 'lax',
    path: '/',
  }),
  verify: (token) => descope.magicLink.verify(token),
  isOtherSite: (site) => site !== undefined && site !== 'same-origin' && site !== 'none',
  isForeign: () => false,
  adopt: () => undefined,
  endSession: (refreshToken) => descope.logout(refreshToken),
  isRefused: (refreshed) => refreshed.code === 401 || refreshed.code === 403,
  refresh: refreshOnce,
  needsRefresh: async (sessionToken) => !(await isValid(sessionToken)),
  cacheControl: 'private, no-store',
  onSignIn: () => undefined,
}

/** Starts the app and prints its URL. `APP_URL` is the URL that users see. */
export function start(replaced = {}) {
  const parts = { ...correct, ...replaced }
  const { login, verify, page, logout } = parts.paths
  const app = express()
  app.disable('x-powered-by')
  app.use(express.urlencoded({ extended: false }), readCookies)
  app.use((req, res, next) => {
    if (req.method !== 'POST' || !parts.isOtherSite(req.get('sec-fetch-site'))) return next()
    res.status(403).send('The request came from another site.')
  })

  app.use((req, res, next) => {
    const insecure = app.locals.url.startsWith('https:') && req.get('x-forwarded-proto') !== 'https'
    if (insecure) return res.redirect(308, app.locals.url + req.originalUrl)
    next()
  })

  app.get('/', (_req, res) => res.send(`<a href="${login}">Sign in</a>`))
  app.get(login, (req, res) => res.send(loginPage(login, req.query.returnTo)))
  app.post(login, async (req, res) => {
    const { email, returnTo = '' } = req.body
    if (!parts.maySend()) return res.status(429).send('Try again in an hour.')
    const link = `${parts.linkOrigin(req, res)}${verify}?returnTo=${encodeURIComponent(returnTo)}`
    const sent = await descope.magicLink.signUpOrIn.email(String(email), link)
    res.status(sent.ok ? 200 : 503).send('Check your inbox.')
  })

  app.locals.redeem = async (token, returnTo, res) => {
    const { ok, data } = await parts.verify(String(token))
    if (!ok)
      return res
        .status(410)
        .send(`The link was used or has expired. <a href="${login}">Sign in</a>`)
    parts.onSignIn(data, res.req)
    setTokens(res, data)
    res.redirect(303, parts.afterSignIn(String(returnTo ?? ''), app.locals.url) || page)
  }
  app.get(verify, (req, res) =>
    parts.openLink(req, res.set('Referrer-Policy', parts.referrerPolicy)),
  )
  app.post(verify, (req, res) => app.locals.redeem(req.body.t, req.body.returnTo, res))

  app.get(page, guard, (req, res) => {
    res.set('Cache-Control', parts.cacheControl)
    res.send(`Welcome. <form method="post" action="${logout}"><button>Sign out</button></form>`)
  })
  app.post(logout, async (req, res) => {
    if (req.cookies.DSR) await parts.endSession(req.cookies.DSR)
    for (const name of ['DS', 'DSR']) res.clearCookie(name, parts.cookieOptions(app.locals.url))
    res.redirect(303, '/')
  })

  async function guard(req, res, next) {
    const { DS, DSR } = req.cookies
    if (parts.isForeign(DS)) return res.status(401).send('Unknown key.')
    if (!(await parts.needsRefresh(DS))) return next()
    const adopted = parts.adopt(req)
    if (adopted) {
      setTokens(res, adopted)
      return next()
    }
    if (!DSR) return res.status(401).send(`<a href="${login}">Sign in</a>`)
    const refreshed = await parts.refresh(DSR)
    if (refreshed.ok) {
      setTokens(res, refreshed.data)
      return next()
    }
    if (parts.isRefused(refreshed)) return res.status(401).send(`<a href="${login}">Sign in</a>`)
    res.status(503).set('Retry-After', '5').send('Try again soon.')
  }

  function setTokens(res, { sessionJwt, refreshJwt }) {
    const options = parts.cookieOptions(app.locals.url)
    res.cookie('DS', sessionJwt, options)
    if (refreshJwt) res.cookie('DSR', refreshJwt, options)
  }

  const server = app.listen(0, () => {
    const url = `http://localhost:${server.address().port}`
    app.locals.url = process.env.APP_URL ?? url
    console.log(`listening on ${url}`)
  })
}

/** One refresh for all requests with the same token. */
const refreshes = new Map()
export async function refreshOnce(refreshToken) {
  const running = refreshes.get(refreshToken) ?? refreshAlways(refreshToken)
  refreshes.set(refreshToken, running)
  const refreshed = await running
  if (refreshed.ok) setTimeout(() => refreshes.delete(refreshToken), 5000).unref()
  else refreshes.delete(refreshToken)
  return refreshed
}

export async function refreshAlways(refreshToken) {
  // The SDK throws if there was no response.
  return await descope.refresh(refreshToken).catch(() => ({ ok: false, code: 503 }))
}

async function isValid(sessionToken) {
  if (!sessionToken) return false
  return await descope.validateSession(sessionToken).then(
    () => true,
    () => false,
  )
}

function confirmationPage(req, res) {
  res.send(`<form method="post" action="${req.path}">
    <input type="hidden" name="t" value="${escaped(req.query.t)}">
    <input type="hidden" name="returnTo" value="${escaped(req.query.returnTo)}">
    <button>Sign in</button></form>`)
}

/** Only a path of the app, as a browser resolves it; undefined for the page. */
function afterSignIn(returnTo, appUrl) {
  const url = URL.canParse(returnTo, appUrl) ? new URL(returnTo, appUrl) : new URL(appUrl)
  const isOwn = url.origin === new URL(appUrl).origin && returnTo !== ''
  return isOwn ? url.pathname + url.search : undefined
}

function loginPage(login, returnTo) {
  return `<form method="post" action="${login}"><input type="email" name="email">
    <input type="hidden" name="returnTo" value="${escaped(returnTo)}"><button>Send a link</button></form>`
}

function readCookies(req, _res, next) {
  const pairs = (req.get('cookie') ?? '').split('; ').map((pair) => pair.split('='))
  req.cookies = Object.fromEntries(pairs)
  next()
}

function escaped(value) {
  const text = typeof value === 'string' ? value : ''
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
