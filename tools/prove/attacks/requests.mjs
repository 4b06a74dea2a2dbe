// Attacks by other sites, by scanners, and by many requests.
import { core, http, web } from './paths.mjs'

export const requests = [
  {
    attack: 'a page of another site sends an unsafe request with the cookies of its visitor',
    file: web('request/cross-site.ts'),
    rule: `if (site !== '') return site !== 'same-origin' && site !== 'none'`,
    without: `if (site !== '') return false`,
    tests: [
      [http('session'), 'an unsafe method with cookies is refused when cross-site'],
      [http('account'), 'POST /tenant: another tenant, none, a visitor and a cross-site form'],
      [http('magic-link'), 'a confirmation sent by another site is refused'],
    ],
  },
  {
    attack: 'a path that resolves to another host is an open redirect',
    file: web('request/return-to.ts'),
    rule: 'url.origin === origin && !readsAsAHost.test(target)',
    without: 'url.origin === origin',
    tests: [[http('magic-link'), 'a returnTo of another site leads to the app']],
  },
  {
    attack: 'a frame, or what is loaded ahead of time, redeems the link in the asking browser',
    file: web('magic-link/decide.ts'),
    rule: `return isOwn && navigation === 'top-level' && confirm !== 'always' ? clicked : 'page'`,
    without: `return isOwn && confirm !== 'always' ? clicked : 'page'`,
    tests: [[http('magic-link'), 'only a navigation redeems the link']],
  },
  {
    attack: 'copied session cookies pass a guard that asks for a fresh step-up',
    file: web('attempt/browser-record.ts'),
    rule: 'if (steppedUp?.userId !== session.userId) return undefined',
    without: 'if (steppedUp === undefined) return 0',
    tests: [[http('account'), 'a guard with maxAgeSeconds lets no older step-up through']],
  },
  {
    attack: 'a step-up stays fresh for longer where the clock of the service is ahead',
    file: web('attempt/browser-record.ts'),
    rule: 'at: now / 1000 }',
    without: 'at: session.claims.iat }',
    tests: [[http('account'), 'the age of a step-up is the same with our clock']],
  },
  {
    attack: 'a revocation by an administrator is not looked up at a refresh',
    file: core('session/revocation/revocation.ts'),
    rule: 'own === undefined && includes(seconds, token.iat)',
    without: 'own === undefined && false',
    tests: [[http('session'), 'takes effect at the next refresh without `revocation`']],
  },
  {
    attack: 'a revocation in one project ends the sessions of another one on the same store',
    file: core('session/revocation/revocation-log.ts'),
    rule: '(bucket) => `revocations:${project}:${bucket}`',
    without: '(bucket) => `revocations:${bucket}`',
    tests: [['packages/core/test/session/admin-revocation.test.ts', 'another project keeps its']],
  },
  {
    attack: 'made-up tokens of one sender reach the service without end',
    file: web('attempt/redemption-limits.ts'),
    rule: 'if (!done.ok && isOfLink(done.failure)) {',
    without: 'if (false) {',
    tests: [[http('magic-link'), 'made-up tokens of one sender are 429 before the service']],
  },
  {
    attack: 'one sender has links sent without end',
    file: web('attempt/limits.ts'),
    rule: 'if (count <= limit) return false',
    without: 'return false',
    tests: [[http('magic-link'), 'sends are limited per address and per IP']],
  },
  {
    attack: 'a mailer decodes an address that passed an allow-list to another one',
    file: core('model/grammar.ts'),
    rule: '|| encodedWord.test(address)',
    without: '',
    tests: [[http('magic-link'), 'what is no address is refused by every route']],
  },
  {
    attack: 'a page whose name resolves to this machine reads the inbox of the emulator',
    file: 'packages/emulator/src/server/host-check.ts',
    rule: 'return allowedHosts.some((allowed) => allowed.toLowerCase() === name)',
    without: 'return true',
    tests: [['packages/emulator/test/server.test.ts', 'after DNS rebinding is rejected']],
  },
  {
    attack: 'a body in chunks of one byte takes hundreds of times its length in memory',
    file: web('request/body.ts'),
    rule: 'if (collected.length === 64) collected = [Buffer.concat(collected)]',
    without: '',
    tests: [['packages/fetch/test/create-auth.test.ts', 'a body in chunks of one byte takes']],
  },
]
