/**
 * The journey of a magic link: eight steps, each with the files it passes through. ARCHITECTURE.md
 * shows the same table, and a test holds the two together.
 */
export interface Step {
  readonly title: string
  /** Relative to the root of the repository. */
  readonly files: readonly string[]
}

export const steps: readonly Step[] = [
  {
    title: 'A person posts an address',
    files: ['packages/web/src/magic-link/request-link.ts'],
  },
  {
    title: 'The SDK asks for a link whose redirect is the app’s own callback',
    files: ['packages/core/src/calls/magic-link.ts', 'packages/core/src/http/service.ts'],
  },
  {
    title: 'The API makes a one-time token and mails a link',
    files: [
      'packages/emulator/src/api/links/magic-link.ts',
      'packages/emulator/src/world/messages/inbox.ts',
    ],
  },
  {
    title: 'The person opens the link',
    files: ['packages/emulator/src/inbox-page/routes.ts'],
  },
  {
    title: 'Any other visitor gets a button and spends nothing; the browser that asked is verified',
    files: ['packages/web/src/magic-link/link-visit.ts', 'packages/web/src/magic-link/verify.ts'],
  },
  {
    title: '`onSignIn` runs, tokens become cookies, and the person goes where they were going',
    files: ['packages/web/src/session/accept-sign-in.ts', 'packages/web/src/response/cookies.ts'],
  },
  {
    title: 'Every later request is checked without a call to the API',
    files: ['packages/web/src/guard/identify.ts', 'packages/core/src/session/authenticate.ts'],
  },
  {
    title: 'An expired session is refreshed once, whoever else is asking',
    files: ['packages/core/src/session/refresh.ts'],
  },
]
