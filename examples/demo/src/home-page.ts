import type { Session, User } from '@linkpass/core'
import type { HistoryEntry } from './history.ts'
import { escape, layout, time } from './layout.ts'

/** The content of the page of a signed-in user. Times are in milliseconds since the epoch. */
export interface HomeModel {
  readonly session: Session
  /** Undefined if the user signed in before the demo was started. */
  readonly user: User | undefined
  readonly now: number
  readonly history: readonly HistoryEntry[]
  /** The inbox of the emulator, if there is one. */
  readonly inboxUrl: string | undefined
}

/** Shows the user and the session, what happened until now, and every flow to try. */
export function homePage(model: HomeModel): string {
  const { session, user, now } = model
  const { userId, roles, claims, expiresAt } = session
  // The service returns an empty text for unknown fields of a user.
  const name = [user?.name, user?.email, user?.phone].find(Boolean) ?? userId
  return layout({
    title: 'Signed in',
    body: `      <p class="greeting">You are signed in as</p>
      <h1>${escape(name)}</h1>
      <dl>
        <dt>User ID</dt>
        <dd><code>${escape(userId)}</code></dd>
        <dt>Roles</dt>
        <dd>${roles.length === 0 ? 'none' : escape(roles.join(', '))}</dd>
        <dt>Session token</dt>
        <dd>issued at ${time(claims.iat * 1000)}, ends at ${time(expiresAt)},
          <span data-left="${expiresAt - now}">${left(expiresAt - now)}</span></dd>
      </dl>
      <div class="actions">
        <form method="post" action="/auth/logout"><button>Sign out</button></form>
        <form method="post" action="/auth/logout-all"><button>Sign out everywhere</button></form>
      </div>
      ${happened(model.history)}
      <h2>Try the other flows</h2>
      ${flows(model)}`,
  })
}

/** The list of what just happened. */
export function happened(history: readonly HistoryEntry[]): string {
  const items = history.map(({ at, text }) => `<li>${time(at)} ${escape(text)}</li>`)
  return `<h2>What just happened</h2>
      <ol class="history">${items.join('\n        ')}</ol>
      <p class="quiet">Newest first. This page itself took no request to the service: the session was
        checked with the keys that the app has.</p>`
}

function flows({ session, user, inboxUrl }: HomeModel): string {
  return [
    flow(
      'Protect a page with a fresh link',
      'The vault takes a step-up: a link that was confirmed in the last five minutes. Being signed in is not enough.',
      link('/vault', 'Open the vault'),
    ),
    flow(
      'Protect a page with a role',
      'Only users with the role <code>admin</code> may see it. Any other user gets a 403 page.',
      link('/admin', 'Open the page for admins') +
        (inboxUrl === undefined || session.roles.includes('admin')
          ? ''
          : form('/demo/join', '<button>Make me an admin of two tenants</button>')),
    ),
    flow(
      'Switch between tenants',
      'A user may belong to several tenants. One of them is the current one, in the claim <code>dct</code>.',
      tenants(session),
    ),
    flow(
      'Refresh the session',
      'An expired session token is replaced automatically, and once, also when ten requests come at the same time. A new role counts from then on. Refreshes within ten seconds of each other return the same session.' +
        (inboxUrl === undefined
          ? ''
          : ` To see it happen by itself, advance the clock by 15 minutes in ${inbox(inboxUrl, 'the inbox')} and reload this page.`),
      form('/auth/refresh', '<button>Refresh now</button>'),
    ),
    flow(
      'Change your email address',
      'It takes a step-up, and a link to the new address.',
      form(
        '/auth/email',
        `<label>New address <input name="email" type="email" required autocomplete="email" placeholder="${escape(user?.email ? 'new@example.com' : 'you@example.com')}"></label>
          <button>Send a link</button>`,
      ),
    ),
    flow(
      'Sign in from another device',
      'Sign out, enter your address, and choose the button for another device. The link then signs in the browser that requested it, once you typed the code that this browser shows.',
    ),
    ...(inboxUrl === undefined
      ? []
      : [
          flow(
            'See what mail scanners do',
            `Sign out, request a link, and run the scanner drill beside its message in ${inbox(inboxUrl, 'the inbox')}. The link still works afterwards.`,
          ),
        ]),
  ].join('\n      ')
}

function tenants({ tenants: all, claims }: Session): string {
  const ids = Object.keys(all)
  if (ids.length === 0) return '<p class="quiet">You belong to none yet.</p>'
  const buttons = ids.map((id) => {
    const isCurrent = claims['dct'] === id
    const name = escape(id)
    return `<button name="tenant" value="${name}"${isCurrent ? ' aria-current="true"' : ''}>${name}${isCurrent ? ' (current)' : ''}</button>`
  })
  return form('/auth/tenant', buttons.join('\n          '))
}

function flow(title: string, text: string, actions = ''): string {
  return `<section class="flow">
        <h3>${title}</h3>
        <p>${text}</p>
        ${actions}
      </section>`
}

function link(path: string, text: string): string {
  return `<a class="button" href="${path}">${text}</a> `
}

function form(action: string, content: string): string {
  return `<form method="post" action="${action}">
          ${content}
          <input type="hidden" name="returnTo" value="/">
        </form>`
}

function inbox(url: string, text: string): string {
  return `<a href="${escape(url)}" target="_blank" rel="noopener">${text}</a>`
}

function left(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
