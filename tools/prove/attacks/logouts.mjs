// Attacks on what a logout ends, and on changes of an account.
import { core, http, web } from './paths.mjs'

export const logouts = [
  {
    attack: 'made-up logout cookies fill the store',
    file: web('session/logout.ts'),
    rule: 'if (hadSession || (record && hasSignedIn(record))) {',
    without: '{',
    tests: [[http('session'), 'made-up refresh cookies put nothing into the store']],
  },
  {
    attack: 'a made-up refresh token beside a session token makes a logout everywhere end nothing',
    file: core('session/end-session.ts'),
    rule: 'hadSession && (live === undefined || userId === undefined || userId === live.userId),',
    without: 'true,',
    tests: [[http('session'), 'a logout everywhere ends the user of a session token beside']],
  },
  {
    attack: 'the link of a change outlives a logout on an instance whose clock is behind',
    file: web('attempt/bound-attempt.ts'),
    rule: `nextUserId === '' || createdAt`,
    without: 'createdAt',
    tests: [[http('account'), 'a change is refused after a logout on an instance whose clock']],
  },
  {
    attack: 'the link of a change is live again once its user signs in after another one',
    file: web('attempt/bound-attempt.ts'),
    rule: 'another === undefined ? [end] : [end, another]',
    without: '[end]',
    tests: [
      ['packages/web/test/attempt/bound-attempt.test.ts', 'P2: a link that the sign-in of another'],
    ],
  },
  {
    attack: 'the link of a change outlives a logout that is told as done while the store is away',
    file: web('session/logout.ts'),
    rule: '(isEnded &&= !email && !phone)',
    without: '{}',
    tests: [[http('account'), 'a logout that could not end the change is a 503']],
  },
  {
    attack: 'a step-up outlives the logout that came while it was redeemed',
    file: web('magic-link/redeem.ts'),
    rule: 'if (bound) return state !== undefined && !(await findBoundAttempt(context, state))',
    without: 'if (bound) return false',
    tests: [[http('account'), 'a logout while a step-up is being redeemed leaves no session']],
  },
  {
    attack: 'a step-up outlives the logout that came while it was completed',
    file: web('magic-link/waiting-step-up.ts'),
    rule: '(await findBoundAttempt(context, state)) === undefined,',
    without: 'false,',
    tests: [[http('account'), 'a logout while an approved step-up completes leaves no session']],
  },
  {
    attack: 'a step-up outlives the logout that came while it replaced the session',
    file: web('session/accept-sign-in.ts'),
    rule: 'if (await hasEnded().catch(() => false)) return refuseEnded(context, signIn)',
    without: '',
    tests: [[http('account'), 'a logout while the session is replaced by that of a']],
  },
  {
    attack: 'a copied attempt cookie repeats a sign-in after the logout',
    file: web('magic-link/redeem.ts'),
    rule: 'return isRepeated && hasEndedIn(context, where, session).catch(() => false)',
    without: 'return false',
    tests: [[http('session'), 'a copied attempt cookie repeats no sign-in after a logout']],
  },
  {
    attack: 'a copied pending cookie repeats a sign-in after the logout',
    file: web('enchanted-link/complete.ts'),
    rule: 'hasEndedIn(context, `attempt ${state}`, session).catch(() => false),',
    without: 'false,',
    tests: [[http('session'), 'a copied pending cookie repeats no sign-in after a logout']],
  },
  {
    attack: 'a copied cookie repeats a sign-in after the administrator ended its sessions',
    file: web('attempt/bound-attempt.ts'),
    rule: 'return isRevoked || ends.some(',
    without: 'return ends.some(',
    tests: [[http('session'), 'a copied cookie repeats no sign-in after an administrator']],
  },
  {
    attack:
      'a copy of an ended session gets a new one by selecting a tenant, or asks for a step-up',
    file: web('account/current-user.ts'),
    rule: `if (record === 'nothing') return undefined`,
    without: 'if (record) return undefined',
    tests: [[http('account'), 'a copied session gets no new one by a tenant or a step-up']],
  },
  {
    attack: 'the app is told of a change of address that the service did not make',
    file: web('session/accept-sign-in.ts'),
    rule: 'if (change && isUnmade(change, verified)) return refused',
    without: '',
    tests: [[http('account'), 'a sign-in link under the state of a change changes nothing']],
  },
  {
    attack: 'an address that the service has not verified proves a change',
    file: web('session/accept-sign-in.ts'),
    rule: 'return !isVerified || canonicalLoginId(current)',
    without: 'return canonicalLoginId(current)',
    tests: [[http('account'), 'claims the address of another user by a link of their own']],
  },
  {
    attack: 'a session token that came as Bearer outlives its logout',
    file: web('session/accept-sign-in.ts'),
    rule: `const bearer = bearerToken(header('authorization'))`,
    without: 'const bearer: string | undefined = undefined',
    tests: [[http('session'), 'a session token is ended that came as Bearer']],
  },
]
