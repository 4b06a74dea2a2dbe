// Attacks on sessions and sealed values.
import { chromium, core, http, web } from './paths.mjs'

export const sessions = [
  {
    attack: 'a sibling host sets the session cookies of another user for the domain',
    file: web('response/cookie-policy.ts'),
    rule: `(prefix === false ? '' : host) + name + port`,
    without: 'name + port',
    tests: [
      [http('session'), 'session cookies that a sibling host sets for the domain are not read'],
      [chromium('session'), 'a sibling host that sets session cookies for the domain signs no'],
    ],
  },
  {
    attack: 'the session cookie of one user is believed beside the refresh cookie of another',
    file: core('session/authenticate.ts'),
    rule: 'if (sub !== verified.validated.token.sub) return false',
    without: '',
    tests: [[http('session'), 'a session cookie of another user beside the own refresh cookie']],
  },
  {
    attack: 'a request that names no tenant passes a check of the roles in a tenant',
    file: core('model/authorization.ts'),
    rule: `typeof tenant === 'string' ? grantsIn(claimsOf(session), tenant) : undefined`,
    without: 'grantsIn(claimsOf(session), tenant)',
    tests: [
      [
        'packages/core/test/model/authorization.test.ts',
        'do not exist for a tenant of another type',
      ],
    ],
  },
  {
    attack: 'a refresh cookie that a sibling host set is traded at POST /refresh',
    file: web('session/current-session.ts'),
    rule: `if (failure?.kind === 'conflicting-cookies') return failureResponse(context, failure)`,
    without: '',
    tests: [[http('session'), 'a refresh cookie of another user beside the own session cookie']],
  },
  {
    attack: 'a logout that failed is told as done',
    file: web('session/decide.ts'),
    rule: `isEnded ? undefined : { kind: 'unavailable', retryAfterSeconds: 10 }`,
    without: 'undefined',
    tests: [
      [http('session'), 'a logout everywhere that nothing confirmed is 503'],
      [http('session'), 'a logout that nothing confirmed is 503'],
    ],
  },
  {
    attack: 'a copied token is refreshed after a logout everywhere at which the service failed',
    file: core('session/logout.ts'),
    rule: `if (scope === 'everywhere') return recordUser(validated)`,
    without: `if (scope === 'everywhere') return`,
    tests: [
      [http('session'), 'a copied token is worthless after a logout everywhere'],
      [http('deployment'), 'a logout everywhere leaves a copy worthless'],
    ],
  },
  {
    attack: 'a cookie that came twice keeps its tokens from being ended by a logout',
    file: web('request/credentials.ts'),
    rule: 'return [...new Set(values)]',
    without: 'return new Set(values).size > 1 ? [] : values',
    tests: [
      [http('session'), 'of a refresh cookie that came twice, both tokens are ended'],
      [http('deployment'), 'a logout with two refresh cookies leaves a copy worthless'],
      [http('session'), 'of a session cookie that came twice, both tokens are ended'],
      [chromium('session'), 'both tokens of a refresh cookie that a sibling host set'],
    ],
  },
  {
    attack: 'a session token that came without its refresh token survives the logout',
    file: core('session/decide.ts'),
    rule: `facts.revokesSessions || (scope === 'everywhere' && !facts.isUserEnded)`,
    without: 'facts.revokesSessions && facts.isUserEnded',
    tests: [
      [http('session'), 'a session token is ended that came without its refresh token'],
      [chromium('session'), 'the session token of a browser that lost its refresh token'],
    ],
  },
  {
    attack: 'tokens survive a logout everywhere, or sign-ins after it do not, as two clocks differ',
    file: core('session/sessions.ts'),
    rule: 'createLogout({ config, verifyToken, revocations, serviceTime, rotated })',
    without:
      'createLogout({ config, verifyToken, revocations, serviceTime: config.clock, rotated })',
    tests: [
      [http('session'), 'a logout everywhere counts in the time of the service'],
      [http('session'), 'a logout everywhere on an instance .* s ahead counts on one that is'],
    ],
  },
  {
    attack: 'the refresh token of a session that a sign-in replaced stays alive',
    file: web('session/accept-sign-in.ts'),
    rule: 'if (old.length > 0) await endTokens(',
    without: 'if (false) await endTokens(',
    tests: [
      [http('session'), 'a copy of the old refresh token is worthless'],
      [http('deployment'), 'a sign-in over it leaves a copy worthless'],
      [http('session'), 'a late tab does not bring the old user back'],
      [
        chromium('session'),
        'a sign-in over a session ends the refresh token that the browser held',
      ],
    ],
  },
  {
    attack: 'a copy of a rotated refresh token gets its successor after that was used',
    file: core('session/refresh/decide.ts'),
    rule: `return entry.isRotation ? 'hand-out-unless-seen' : 'take-over'`,
    without: `return 'hand-out'`,
    tests: [
      [http('session'), 'a late request with the old cookie signs no user out'],
      [http('deployment'), 'a rotated token gets its successor on any instance, until'],
    ],
  },
  {
    attack:
      'a copy of a rotated refresh token gets its successor by a service clock that is behind',
    file: core('session/refresh/rotated-tokens.ts'),
    rule: 'const isYoung = serviceTime.now()',
    without: 'const isYoung = clock.now()',
    tests: [[http('session'), 'a stolen rotated token gets no successor that is in use']],
  },
  {
    attack: 'who lost the response of a refresh is signed out by the token that was rotated',
    file: core('session/refresh/decide.ts'),
    rule: `return entry.isRotation ? 'hand-out-unless-seen' : 'take-over'`,
    without: `return 'take-over'`,
    tests: [[http('session'), 'a browser that lost the response gets the same cookies']],
  },
  {
    attack: 'a service clock that is ahead signs out who has just signed in',
    file: core('jwt/claims.ts'),
    rule: 'const maxSkewSeconds = 300',
    without: 'const maxSkewSeconds = 5',
    tests: [[http('session'), 'a fresh session of a service clock that is ahead is kept']],
  },
  {
    attack: 'a stolen token that is bound to a key passes as Bearer',
    file: core('jwt/claims.ts'),
    rule: `if (claims['cnf'] !== undefined) {`,
    without: 'if (false) {',
    tests: [[http('session'), 'a stolen token that is bound to a key passes no guard']],
  },
  {
    attack: 'onSignIn takes a step-up or a change for a sign-in',
    file: web('session/accept-sign-in.ts'),
    rule: 'onSignIn({ purpose, user,',
    without: `onSignIn({ purpose: 'sign-in', user,`,
    tests: [[http('account'), 'onSignIn learns what a link was for']],
  },
  {
    attack: 'onSignIn runs for a change in a browser that gets no session',
    file: web('session/accept-sign-in.ts'),
    rule: 'if (!isForThisBrowser || ',
    without: 'if (',
    tests: [[http('account'), 'a change confirmed elsewhere signs no user in']],
  },
  {
    attack: 'a logout that the store did not record is told as done, with session tokens alive',
    file: core('session/end-session.ts'),
    rule: '{ ...nothingToEnd, ended: false, errors: [error] }',
    without: '{ ...nothingToEnd, errors: [error] }',
    tests: [[http('session'), 'with revocation, a logout that the store did not record is 503']],
  },
  {
    attack: 'an instance that was paused takes the lock of another away',
    file: core('session/refresh/lock.ts'),
    rule: 'isFirst = await store.replaceIf(refreshKey(id), own, entry, ttlMs)',
    without: 'await store.delete(refreshKey(id))\n    return',
    tests: [
      [http('deployment'), 'paused for longer than its lock does not take the lock of another'],
    ],
  },
  {
    attack: 'an instance that dies during a refresh blocks the others, and signs their users out',
    file: core('session/sessions.ts'),
    rule: 'lockMs: refreshGraceSeconds === undefined ? timeoutMs + 1000 : 3000',
    without: 'lockMs: timeoutMs + 5000',
    tests: [[http('deployment'), 'an instance killed before the hand-over delays the others']],
  },
  {
    attack: 'more than ten waits for one refresh cause a warning of a leak',
    file: core('on-abort.ts'),
    rule: 'known.get(signal) ?? new Listeners()',
    without: 'new Listeners()',
    tests: [[http('deployment'), 'twelve users who wait for another instance cause no warning']],
  },
  {
    attack: 'those who wait for a refresh ask the store without a pause',
    file: core('session/refresh/lock.ts'),
    rule: 'pauseMs = Math.min(2 * pauseMs, longestPauseMs)',
    without: 'pauseMs = firstPauseMs',
    tests: [[http('deployment'), 'who waits for another instance looks ever more rarely']],
  },
  {
    attack: 'what was sealed for one app is opened by another with the same secret',
    file: web('context.ts'),
    rule: 'createSealer(settings.secrets, `${projectId} ${settings.app.origin}`, format)',
    without: `createSealer(settings.secrets, '', format)`,
    tests: [[http('magic-link'), 'an attempt cookie of another app with the same secret']],
  },
  {
    attack: 'one key serves two algorithms',
    file: core('crypto/sealer.ts'),
    rule: '`linkpass ${format} ${use} ${purpose} ${scopeHash}`',
    without: '`linkpass ${format} seal ${purpose} ${scopeHash}`',
    tests: [['packages/core/test/crypto/sealer.test.ts', 'no key serves two algorithms']],
  },
  {
    attack:
      'a rolling deploy loses attempts and refreshes twice, since no release reads what another wrote',
    file: core('crypto/sealer.ts'),
    rule: 'return [own, own - 1, own + 1]',
    without: 'return [own]',
    tests: [
      [http('deployment'), 'begins a magic link that the other redeems'],
      [http('deployment'), 'begins an enchanted link that the other (approves|refuses)'],
      [http('deployment'), 'requests a step-up that the other redeems'],
      [http('deployment'), 'requests a change of address that another browser confirms'],
      [http('deployment'), 'shares refreshes and rotated tokens with the other'],
    ],
  },
  {
    attack: 'a page of another site opens a WebSocket with the cookies of its visitor',
    file: web('guard/upgrade.ts'),
    rule: 'if (forged !== undefined) return refused(forged)',
    without: '',
    tests: [[http('long-connections'), 'with the user’s cookies is refused from']],
  },
  {
    attack: 'a form that a step-up interrupted is shown to another user',
    file: web('guard/interrupted-form.ts'),
    rule: 'form.userId !== userId || ',
    without: '',
    tests: [[http('account'), 'of a user is neither shown nor kept']],
  },
]
