// Attacks on links, attempts and pages.
import { chromium, core, http, web } from './paths.mjs'

export const links = [
  {
    attack: 'copied cookies, without the mailbox, move the account to another address',
    file: web('account/decide.ts'),
    rule: `return age === undefined || age > maxAgeSeconds ? { kind: 'step-up-needed' } : undefined`,
    without: 'return undefined',
    tests: [
      [http('account'), 'stolen cookies without the mailbox change no address'],
      [http('account'), 'a refresh does not renew a step-up'],
    ],
  },
  {
    attack: 'one change after the other keeps a step-up young',
    file: web('magic-link/redeem.ts'),
    rule: `const next = facts.kind === 'step-up' ? withSession(used, session, now) : used`,
    without: 'const next = withSession(used, session, now)',
    tests: [[http('account'), 'the link of a change does not renew a step-up']],
  },
  {
    attack: 'changes of address are possible in an app that did not switch them on',
    file: web('account/decide.ts'),
    rule: `if (option !== undefined) return { kind: 'not-enabled', option }`,
    without: '',
    tests: [[http('account'), 'changes are off by default']],
  },
  {
    attack: 'the link of a change that was requested before a logout is opened after it',
    file: web('attempt/bound-attempt.ts'),
    rule: 'return isRevoked || hasEnded ? undefined : bound',
    without: 'return bound',
    tests: [
      [http('account'), 'a change requested before .* is refused'],
      [http('account'), 'a step-up requested before a logout is refused'],
      [http('account'), 'a change requested on one instance is refused on each'],
    ],
  },
  {
    attack: 'made-up refusals of enchanted attempts fill the store',
    file: web('enchanted-link/approve.ts'),
    rule: `if (readState(sealer, given)?.channel !== 'enchanted') {`,
    without: 'if (false) {',
    tests: [[http('enchanted-link'), 'made-up refusals.* write nothing to the store']],
  },
  {
    attack: 'an enchanted attempt is refused and completed, on two instances',
    file: web('enchanted-link/complete.ts'),
    rule: `const { state } = await broker.end(attempt, 'completed')`,
    without: `const { state } = { ...attempt, state: 'approved' as const }`,
    tests: [
      [http('enchanted-link'), '"this was not me" while onSignIn is slow is too late'],
      [http('enchanted-link'), 'of both at once on two instances, exactly one counts'],
    ],
  },
  {
    attack: 'a scanner that submits forms approves an enchanted attempt',
    file: web('enchanted-link/approve.ts'),
    rule: 'const verdict = coded && (await judgeCode(context, coded, typed))',
    without: 'const verdict = undefined',
    tests: [
      [http('enchanted-link'), 'a scanner that opens all three links and submits their forms'],
      [chromium('enchanted-link'), 'nothing when a scanner submits the forms of all three links'],
    ],
  },
  {
    attack: 'the code of an enchanted attempt is tried until it is right',
    file: web('enchanted-link/decide.ts'),
    rule: `return tryNumber === 1 ? 'ask-again' : 'end-attempt'`,
    without: `return 'ask-again'`,
    tests: [[http('enchanted-link'), 'typed wrong twice ends the attempt']],
  },
  {
    attack: 'whoever confirms the change of another user gets that user’s session',
    file: web('magic-link/decide.ts'),
    rule: `return kind === 'sign-in' || (isAsking && user === 'same')`,
    without: 'return true',
    tests: [
      [http('account'), 'a change confirmed elsewhere is made, sets no cookies'],
      [http('account'), 'a change confirmed elsewhere leaves the user who is signed in'],
      [chromium('account'), 'a new email address is confirmed on another device'],
    ],
  },
  {
    attack: 'a scanner, or whoever a step-up was forwarded to, confirms it without its code',
    file: web('magic-link/decide.ts'),
    rule: `return approval === 'over' ? approval : 'approve'`,
    without: `return 'redeem'`,
    tests: [
      [http('account'), 'a scanner that opens the link and submits its form redeems nothing'],
      [chromium('account'), 'a step-up confirmed on another device by its code goes on'],
    ],
  },
  {
    attack: 'a link is made a sign-in by taking its state off',
    file: web('magic-link/redeem.ts'),
    rule: `return settings.allowBareLinks ? 'sign-in' : undefined`,
    without: `return 'sign-in'`,
    tests: [[http('magic-link'), 'a link whose state was taken off is unknown']],
  },
  {
    attack: 'a double click that reaches two instances gets one sign-in and one spent link',
    file: web('session/once.ts'),
    rule: 'if (holder === undefined) return underLock(',
    without: 'return underLock(',
    tests: [[http('deployment'), 'one link twice signs in both times, with one redemption']],
  },
  {
    attack: 'the app cannot veto a change before the service has made it',
    file: web('attempt/send-link.ts'),
    rule: 'if (await isVetoed(context, attempt)) {',
    without: 'if (false) {',
    tests: [[http('account'), 'beforeSend can stop a link in time']],
  },
  {
    attack: 'a copy of the pending cookie completes again, an hour later',
    file: web('enchanted-link/decide.ts'),
    rule: `return Math.abs(now - outcome.at) < repeatableMs ? 'completed' : 'closed'`,
    without: `return 'completed'`,
    tests: [[http('enchanted-link'), 'a copy is worth nothing once the sign-in has completed']],
  },
  {
    attack: 'a page of another site controls the page that it opened',
    file: web('pages/headers.ts'),
    rule: `'Cross-Origin-Opener-Policy': 'same-origin',`,
    without: '',
    tests: [[chromium('hostile'), 'a page of another site keeps no hold of a page that it opened']],
  },
  {
    attack: 'a stranger sends a URL by the mail of a sign-up',
    file: core('model/grammar.ts'),
    rule: '!notInNames.test(value) && !link.test(visible(value))',
    without: '!notInNames.test(value)',
    tests: [[http('magic-link'), 'a name with a URL, which a mail would show, is refused']],
  },
  {
    attack:
      'who confirms a step-up for another browser signs in with its token, beside another state',
    file: web('magic-link/redeem.ts'),
    rule: 'secret: `${record.browser} ${state} ${token}`,',
    without: 'secret: `${record.browser} ${token}`,',
    tests: [[http('account'), 'who typed the code gets no session by the state of a sign-in']],
  },
  {
    attack: 'another site has the app prepare a link of its own, which signs in without a button',
    file: web('attempt/attempt.ts'),
    rule: 'cookies: isOfOther ? [] : [attemptCookie(context, attempt)],',
    without: 'cookies: [attemptCookie(context, attempt)],',
    tests: [[http('magic-link'), 'a link that another site had prepared by .* by its button']],
  },
  {
    attack: 'a step-up that copied cookies requested signs in after the owner has moved on',
    file: web('session/accept-once.ts'),
    rule: 'if (userId === undefined || !isForThisBrowser) return false',
    without: 'if (userId !== null) return false',
    tests: [[http('account'), 'gives the copy no session after .* took its place']],
  },
]
