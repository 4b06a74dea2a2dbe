import { approvePage, changedPage, confirmPage } from '../../src/pages/link-pages.ts'
import { resolveBrand } from '../../src/pages/theme/brand.ts'
import { checkInboxPage } from '../../src/pages/check-inbox-page.ts'
import { donePage } from '../../src/pages/done-page.ts'
import { type ErrorKind, errorPage } from '../../src/pages/error-page.ts'
import { type Page, type PageSite, pageHtml } from '../../src/pages/layout.ts'
import { languagesOf } from '../../src/pages/messages/catalogue.ts'
import { createTexts } from '../../src/pages/messages/texts.ts'
import { type SignInModel, signInPage } from '../../src/pages/sign-in-page.ts'
import { resumePage, stepUpPage } from '../../src/pages/step-up-pages.ts'
import { type WaitingModel, waitingPage } from '../../src/pages/waiting-page.ts'

const brand = resolveBrand(
  { name: 'Fernhill Library' },
  { origin: 'http://localhost:3000', path: '' },
)

/** A site as the pages see it, with its assets beside the pages. */
export const site: PageSite = {
  brand,
  basePath: '',
  verifyPath: '',
  methods: ['email'],
  mode: 'sign-up-or-in',
  pages: { signIn: '/sign-in', afterSignIn: '/' },
  linkLifetimes: { magic: undefined, enchanted: undefined },
  inboxUrl: 'http://localhost:4000/',
}

/** A page of an app with other settings. */
export function withSettings(settings: Partial<PageSite>, page: Page): Page {
  return (texts, shared) => page(texts, { ...shared, ...settings })
}

const signIn: SignInModel = { returnTo: '/me' }
const everyMethod = ['email', 'sms', 'whatsapp', 'enchanted'] as const
const tenMinutes = { linkLifetimes: { magic: 10, enchanted: 3 } }

const waiting: WaitingModel = {
  state: 'pending',
  linkId: '42',
  address: 'a***@example.test',
  routes: '',
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
export const gallery: ReadonlyMap<string, Page> = new Map([
  ['sign-in', signInPage(signIn)],
  ['sign-in-every-method', withSettings({ methods: everyMethod }, signInPage(signIn))],
  [
    'sign-up-mistaken',
    withSettings(
      { mode: 'sign-up', methods: ['email', 'enchanted'] },
      signInPage({ ...signIn, loginId: 'ada@example', mistaken: true }),
    ),
  ],
  ...(['sms', 'email'] as const).map((method): [string, Page] => [
    `sign-in-mistaken-${method}`,
    withSettings(
      { methods: [...new Set(['sms', method] as const)] },
      signInPage({ ...signIn, loginId: '0770', mistaken: true }),
    ),
  ]),
  [
    'sign-in-by-phone',
    withSettings({ mode: 'sign-in', methods: ['sms', 'whatsapp'] }, signInPage(signIn)),
  ],
  [
    'sign-in-signed-in',
    signInPage({ ...signIn, signedIn: { user: 'ada@example.test', url: '/me' } }),
  ],
  [
    'check-inbox',
    checkInboxPage({
      method: 'email',
      address: 'ada@example.test',
      changeUrl: '/sign-in',
      resend: { action: '/magic-link', fields: { loginId: 'ada@example.test' } },
      resendInSeconds: 27,
    }),
  ],
  [
    'check-inbox-signed-in',
    checkInboxPage({
      method: 'email',
      address: 'ada.lovelace@gmail.com',
      changeUrl: '/sign-in',
      resend: { action: '/magic-link' },
      resendInSeconds: 0,
      signedIn: { user: 'ada.lovelace@gmail.com', url: '/me' },
    }),
  ],
  ['sign-in-unnamed', signInPage({ ...signIn, signedIn: { user: undefined, url: '/me' } })],
  [
    'check-inbox-webmail',
    withSettings(
      tenMinutes,
      checkInboxPage({
        method: 'email',
        address: 'ada.lovelace@gmail.com',
        changeUrl: '/sign-in',
        resend: { action: '/magic-link' },
        resendInSeconds: 27,
      }),
    ),
  ],
  [
    'check-whatsapp',
    checkInboxPage({
      method: 'whatsapp',
      address: '+447700900123',
      changeUrl: '/sign-in',
      resend: { action: '/magic-link' },
      resendInSeconds: 0,
    }),
  ],
  [
    'check-phone',
    withSettings(
      tenMinutes,
      checkInboxPage({
        method: 'sms',
        address: '***0123',
        changeUrl: '/sign-in',
        resend: { action: '/magic-link' },
        resendInSeconds: 0,
      }),
    ),
  ],
  [
    'check-inbox-step-up',
    checkInboxPage({
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
    checkInboxPage({
      method: 'email',
      purpose: 'step-up',
      address: 'ada@example.test',
      changeUrl: '/',
      resend: { action: '/step-up' },
      resendInSeconds: 0,
      elsewhere: { code: '0417', routes: '' },
    }),
  ],
  [
    'check-phone-update',
    checkInboxPage({
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
    withSettings(
      tenMinutes,
      confirmPage({
        kind: 'sign-in',
        verify: { action: '/verify' },
      }),
    ),
  ],
  [
    'confirm-without-cookies',
    confirmPage({
      kind: 'sign-in',
      verify: { action: '/verify' },
      withoutCookies: true,
    }),
  ],
  [
    'confirm-as-someone-else',
    confirmPage({
      kind: 'sign-in',
      verify: { action: '/verify' },
      signedInAs: 'grace@example.test',
    }),
  ],
  ['resume-form', resumePage({ action: '/pay', fields: [['amount', '100']] })],
  ['confirm-step-up', confirmPage({ kind: 'step-up', verify: { action: '/verify' } })],
  ...[false, true].map((mistaken): [string, Page] => [
    mistaken ? 'confirm-step-up-mistaken' : 'confirm-step-up-elsewhere',
    confirmPage({
      kind: 'step-up',
      verify: { action: '/verify' },
      account: 'a***@example.test',
      browser: 'Firefox on Linux',
      secondsAgo: 20,
      code: { mistaken },
    }),
  ]),
  ['step-up', stepUpPage({ action: '/step-up', fields: { returnTo: '/danger' } })],
  [
    'confirm-update',
    confirmPage({
      kind: 'change-email',
      account: 'a***@example.test',
      address: 'n***@example.test',
      verify: { action: '/verify' },
    }),
  ],
  [
    'confirm-number',
    confirmPage({
      kind: 'change-phone',
      verify: { action: '/verify' },
      account: 'a***@example.test',
      address: '***0123',
    }),
  ],
  ...(['email', 'phone'] as const).map((changed): [string, Page] => [
    `changed-${changed}`,
    changedPage(
      changed,
      changed === 'email' ? 'n***@example.test' : '***0123',
      'a***@example.test',
    ),
  ]),
  ['waiting', waitingPage(waiting)],
  ['waiting-page-time', waitingPage({ ...waiting, address: 'ada@gmx.de', linkEnds: false })],
  ['waiting-code', waitingPage({ ...waiting, code: '0417' })],
  ['waiting-code-refused', waitingPage({ ...waiting, state: 'code-refused' })],
  ['waiting-approved', waitingPage({ ...waiting, state: 'approved' })],
  ['waiting-refused', waitingPage({ ...waiting, state: 'refused' })],
  ['waiting-expired', waitingPage({ ...waiting, state: 'expired' })],
  [
    'approve',
    withSettings(
      tenMinutes,
      approvePage({
        decide: { action: '/approve', fields: { t: 'token' } },
        account: 'a***@example.test',
        browser: 'Firefox on Linux',
        secondsAgo: 130,
      }),
    ),
  ],
  [
    'approve-by-code',
    approvePage({
      decide: { action: '/approve' },
      account: 'a***@example.test',
      code: { mistaken: false },
    }),
  ],
  ['approve-mistaken', approvePage({ decide: { action: '/approve' }, code: { mistaken: true } })],
  ['approve-knowing-nothing', approvePage({ decide: { action: '/approve' } })],
  ...(['sent', 'approved', 'refused', 'completed', 'session-ended', 'signed-out'] as const).map(
    (kind): [string, Page] => [`done-${kind}`, donePage(kind)],
  ),
  ...errorKinds.map((kind): [string, Page] => [
    `error-${kind}`,
    errorPage(
      kind,
      ['unavailable', 'too-many'].includes(kind) ? { action: '/verify' } : { url: '/sign-in' },
      kind === 'too-many' ? 240 : undefined,
    ),
  ]),
])

/** A page of the gallery as HTML in a language, such as `en`. */
export async function pageIn(
  language: string,
  name: string,
  app: string = brand.name,
): Promise<string> {
  const page = gallery.get(name)
  if (page === undefined) throw new Error(`The gallery has no page "${name}".`)
  const texts = createTexts(language, await languages.load(language))
  return pageHtml(page, texts, { ...site, brand: { ...brand, name: app } })
}

/** The languages that the pages come in. */
export const languages = languagesOf()
