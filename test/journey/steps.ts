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
    title: 'A user posts an address',
    files: ['packages/web/src/magic-link/request-link.ts'],
  },
  {
    title: 'The SDK requests a link that leads to the app’s own callback',
    files: ['packages/core/src/calls/magic-link.ts', 'packages/core/src/http/service.ts'],
  },
  {
    title: 'The service creates a one-time token and sends the link',
    files: [
      'packages/emulator/src/api/links/magic-link.ts',
      'packages/emulator/src/world/messages/inbox.ts',
    ],
  },
  {
    title: 'The user opens the link',
    files: ['packages/emulator/src/inbox-page/routes.ts'],
  },
  {
    title: 'The browser that requested it redeems it at once; any other gets a confirmation page',
    files: ['packages/web/src/magic-link/verify.ts', 'packages/web/src/magic-link/decide.ts'],
  },
  {
    title: '`onSignIn` runs, the tokens become cookies, and the user goes on to `returnTo`',
    files: ['packages/web/src/session/accept-sign-in.ts', 'packages/web/src/response/cookies.ts'],
  },
  {
    title: 'Every later request is checked without a request to the service',
    files: ['packages/web/src/guard/identify.ts', 'packages/core/src/session/authenticate.ts'],
  },
  {
    title: 'An expired session is refreshed once, also for concurrent requests',
    files: ['packages/core/src/session/refresh/refresh.ts'],
  },
]
