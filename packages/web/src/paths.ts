/** The paths of one app that responses lead to, from its settings alone: as browsers see them. */
import { safeReturnTo } from './request/return-to.ts'
import { checkOption, onlyKnown } from '@linkpass/core/internal'
import type { AppOrigin } from './app-url.ts'

/** Paths of the app, or URLs of a front end that it trusts. One that is given has no built-in page. */
export interface PagePaths {
  /** @default basePath + '/sign-in' */
  signIn?: string | undefined
  /** @default basePath + '/check-inbox' */
  checkInbox?: string | undefined
  /** @default basePath + '/waiting' */
  waiting?: string | undefined
  /** Where a sign-in leads that has no `returnTo`. @default '/' */
  afterSignIn?: string | undefined
  /** Where a sign-out leads that has no `returnTo`. @default basePath + '/signed-out' */
  afterSignOut?: string | undefined
}

export interface PathSettings {
  readonly app: AppOrigin
  readonly verifyPath: string
  readonly pages: { readonly signIn: string; readonly afterSignIn: string }
}

/**
 * Where to go afterwards: the given path if it is safe, else the app's default. A path of the app may
 * come with what a proxy takes off, or without it.
 */
export function returnPath({ app, pages }: PathSettings, returnTo: unknown): string {
  const path = safeReturnTo(returnTo, app.origin, app.trusted)
  if (path === undefined) return pages.afterSignIn
  return String(returnTo).startsWith('/') ? asSeen(app, path) : path
}

/** A path of the app as browsers see it: with what a proxy takes off. */
function asSeen(app: AppOrigin, path: string): string {
  return isBelow(app, path) ? path : app.path + path
}

function isBelow({ path: prefix }: AppOrigin, path: string): boolean {
  return `${path.split(/[?#]/, 1).join('')}/`.startsWith(`${prefix}/`)
}

/** The address of a request, as browsers see it. */
export function pathOfTarget({ app, pages }: PathSettings, target: string): string {
  const path = safeReturnTo(target, app.origin)
  return path === undefined ? pages.afterSignIn : app.path + path
}

/** The sign-in page, built in or the app's own, which then leads to `returnTo`. */
export function signInUrl({ pages }: PathSettings, returnTo: string): string {
  const { signIn } = pages
  return `${signIn}${signIn.includes('?') ? '&' : '?'}returnTo=${encodeURIComponent(returnTo)}`
}

/** The address that a link leads to: settings and a state, and nothing of a request. */
export function callbackUrl({ app, verifyPath }: PathSettings, state: string): string {
  return `${app.origin}${verifyPath}/${state}`
}

/** Checks that a framework can mount a path: no query or pattern, nothing to resolve, no slash at the end. */
export function pathOf(name: string, value: unknown, app: AppOrigin): string {
  const path = typeof value === 'string' ? value.replace(/\/+$/, '') : ''
  const resolved = safeReturnTo(path, app.origin) ?? ''
  const isPlain = /^\/(?!.*\/\/)[^?#*:(){}[\]+!]+$/.test(resolved)
  checkOption(
    resolved === path && isPlain,
    `${name} must be a path such as "${isPlain ? resolved : '/auth'}": no host, no parameter, no query.`,
  )
  checkOption(
    app.path === '' || !isBelow(app, path),
    `${name} is as the app sees it, so without "${app.path}", which a proxy takes off. If none does, leave it out of appUrl.`,
  )
  return path
}

/** The pages of an app: built in, or paths of the app or of a front end that it trusts. */
export function pagesOf(pages: PagePaths, basePath: string, app: AppOrigin) {
  onlyKnown('pages', pages, pageNames)
  const seen = (name: keyof PagePaths, byDefault: string): string => {
    const { [name]: path = byDefault } = pages
    checkOption(
      safeReturnTo(path, app.origin, app.trusted) === path,
      `pages.${name} must be a path of the app, such as "/welcome".`,
    )
    return path.startsWith('/') ? asSeen(app, path) : path
  }
  return Object.freeze({
    signIn: seen('signIn', `${basePath}/sign-in`),
    checkInbox: seen('checkInbox', `${basePath}/check-inbox`),
    waiting: seen('waiting', `${basePath}/waiting`),
    afterSignIn: seen('afterSignIn', '/'),
    afterSignOut: seen('afterSignOut', `${basePath}/signed-out`),
  })
}

const pageNames = ['signIn', 'checkInbox', 'waiting', 'afterSignIn', 'afterSignOut']
