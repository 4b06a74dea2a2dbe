import { approvePage } from '../../src/pages/approve-page.ts'
import { resolveBrand } from '../../src/pages/theme/brand.ts'
import { changedPage } from '../../src/pages/changed-page.ts'
import { checkInboxPage } from '../../src/pages/check-inbox-page.ts'
import { confirmPage } from '../../src/pages/confirm-page.ts'
import { donePage } from '../../src/pages/done-page.ts'
import { type ErrorKind, errorPage } from '../../src/pages/error-page.ts'
import type { PageSite } from '../../src/pages/layout.ts'
import { type SignInModel, signInPage } from '../../src/pages/sign-in-page.ts'
import { siteIcon } from '../../src/pages/theme/site-icon.ts'
import { stepUpPage } from '../../src/pages/step-up-page.ts'
import { type WaitingModel, waitingPage } from '../../src/pages/waiting-page.ts'

const brand = resolveBrand(
  { name: 'Fernhill Library' },
  { origin: 'http://localhost:3000', path: '' },
)

/** A site as the pages see it, with its assets beside the pages. */
export const site: PageSite = {
  brand,
  iconUrl: siteIcon(brand),
  stylesheetUrl: '/style.css',
  scriptUrl: '/script.js',
  inboxUrl: 'http://localhost:4000/',
}

const signIn: SignInModel = {
  methods: ['email'],
  mode: 'sign-up-or-in',
  magicLink: { action: '/magic-link', fields: { returnTo: '/me' } },
  enchantedLinkAction: '/enchanted-link',
}

const waiting: WaitingModel = {
  state: 'pending',
  linkId: '42',
  address: 'a***@example.test',
  statusUrl: '/status',
  complete: { action: '/complete' },
  startAgainUrl: '/sign-in',
  expiresInSeconds: 131,
  lifetimeSeconds: 180,
  linkEnds: true,
}

const errorKinds: readonly ErrorKind[] = [
  ...([
    'link-used-or-expired',
    'link-unknown',
    'not-approved',
    'attempt-refused',
    'attempt-ended',
    'send-refused',
    'code-refused',
    'bad-request',
    'cross-site',
    'not-enabled',
    'too-many',
  ] as const),
  ...(['unavailable', 'sign-in-failed', 'not-allowed'] as const),
]

/** Every built-in page in every state it has, by name. */
export const gallery: ReadonlyMap<string, string> = new Map([
  ['sign-in', signInPage(site, signIn)],
  [
    'sign-in-every-method',
    signInPage(site, { ...signIn, methods: ['email', 'sms', 'whatsapp', 'enchanted'] }),
  ],
  [
    'sign-up-mistaken',
    signInPage(site, {
      ...signIn,
      mode: 'sign-up',
      methods: ['email', 'enchanted'],
      loginId: 'ada@example',
      mistaken: true,
    }),
  ],
  [
    'sign-in-by-phone',
    signInPage(site, { ...signIn, mode: 'sign-in', methods: ['sms', 'whatsapp'] }),
  ],
  [
    'check-inbox',
    checkInboxPage(site, {
      method: 'email',
      address: 'ada@example.test',
      changeUrl: '/sign-in',
      resend: { action: '/magic-link', fields: { loginId: 'ada@example.test' } },
      resendInSeconds: 27,
    }),
  ],
  [
    'check-phone',
    checkInboxPage(site, {
      method: 'sms',
      address: '***0123',
      changeUrl: '/sign-in',
      resend: { action: '/magic-link' },
      resendInSeconds: 0,
      lifetimeMinutes: 10,
    }),
  ],
  [
    'check-inbox-step-up',
    checkInboxPage(site, {
      method: 'email',
      purpose: 'step-up',
      address: 'ada@example.test',
      changeUrl: '/',
      resend: { action: '/step-up' },
      resendInSeconds: 0,
    }),
  ],
  [
    'check-inbox-step-up-code',
    checkInboxPage(site, {
      ...{ method: 'email', purpose: 'step-up', address: 'ada@example.test', changeUrl: '/' },
      ...{ resend: { action: '/step-up' }, resendInSeconds: 0 },
      elsewhere: { code: '0417', statusUrl: '/status', complete: { action: '/complete' } },
    }),
  ],
  [
    'check-phone-update',
    checkInboxPage(site, {
      method: 'sms',
      purpose: 'update',
      address: '+447700900123',
      changeUrl: '/settings',
      resend: { action: '/phone' },
      resendInSeconds: 0,
    }),
  ],
  [
    'confirm',
    confirmPage(site, {
      kind: 'sign-in',
      verify: { action: '/verify' },
      lifetimeMinutes: 10,
    }),
  ],
  [
    'confirm-without-cookies',
    confirmPage(site, {
      kind: 'sign-in',
      verify: { action: '/verify' },
      withoutCookies: true,
    }),
  ],
  [
    'confirm-as-someone-else',
    confirmPage(site, {
      kind: 'sign-in',
      verify: { action: '/verify' },
      signedInAs: 'grace@example.test',
    }),
  ],
  ['confirm-step-up', confirmPage(site, { kind: 'step-up', verify: { action: '/verify' } })],
  ...[false, true].map((mistaken): [string, string] => [
    mistaken ? 'confirm-step-up-mistaken' : 'confirm-step-up-elsewhere',
    confirmPage(site, {
      ...{ kind: 'step-up', verify: { action: '/verify' }, account: 'a***@example.test' },
      ...{ requestedFrom: 'Firefox on Linux', requestedAt: 'just now', code: { mistaken } },
    }),
  ]),
  ['step-up', stepUpPage(site, { send: { action: '/step-up', fields: { returnTo: '/danger' } } })],
  [
    'confirm-update',
    confirmPage(site, {
      kind: 'change-email',
      account: 'a***@example.test',
      address: 'n***@example.test',
      verify: { action: '/verify' },
    }),
  ],
  ['confirm-number', confirmPage(site, { kind: 'change-phone', verify: { action: '/verify' } })],
  ...(['email', 'phone'] as const).map((changed): [string, string] => [
    `changed-${changed}`,
    changedPage(site, {
      changed,
      address: changed === 'email' ? 'n***@example.test' : '***0123',
      account: 'a***@example.test',
    }),
  ]),
  ['waiting', waitingPage(site, waiting)],
  ['waiting-code', waitingPage(site, { ...waiting, code: '0417' })],
  ['waiting-code-refused', waitingPage(site, { ...waiting, state: 'code-refused' })],
  ['waiting-approved', waitingPage(site, { ...waiting, state: 'approved' })],
  ['waiting-refused', waitingPage(site, { ...waiting, state: 'refused' })],
  ['waiting-expired', waitingPage(site, { ...waiting, state: 'expired' })],
  [
    'approve',
    approvePage(site, {
      decide: { action: '/approve', fields: { t: 'token' } },
      address: 'a***@example.test',
      browser: 'Firefox on Linux',
      startedAt: '2 minutes ago',
      lifetimeMinutes: 3,
    }),
  ],
  [
    'approve-by-code',
    approvePage(site, {
      ...{ decide: { action: '/approve' }, asksCode: true, address: 'a***@example.test' },
    }),
  ],
  [
    'approve-mistaken',
    approvePage(site, { decide: { action: '/approve' }, asksCode: true, mistaken: true }),
  ],
  ['approve-knowing-nothing', approvePage(site, { decide: { action: '/approve' } })],
  [
    'sent',
    donePage(site, { kind: 'sent', forward: { url: '/sign-in', label: 'Ask for another link' } }),
  ],
  ['done', donePage(site, { kind: 'approved' })],
  [
    'done-completed',
    donePage(site, { kind: 'completed', forward: { url: '/sign-in', label: 'Sign in' } }),
  ],
  ['done-refused', donePage(site, { kind: 'refused' })],
  [
    'done-signed-out',
    donePage(site, { kind: 'signed-out', forward: { url: '/sign-in', label: 'Sign in' } }),
  ],
  ...errorKinds.map((kind): [string, string] => [
    `error-${kind}`,
    errorPage(site, {
      kind,
      forward: ['unavailable', 'too-many'].includes(kind)
        ? { action: '/verify' }
        : { url: '/sign-in' },
      ...(kind === 'too-many' && { retryAfterSeconds: 240 }),
    }),
  ]),
])
