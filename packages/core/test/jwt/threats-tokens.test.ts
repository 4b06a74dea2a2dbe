import { createHmac, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  encode,
  makeKey,
  projectId,
  refreshToken,
  sessionToken,
  signInput,
  startTime,
} from '@linkpass/testing'
import { createTestService } from '../session/service.ts'

const K1 = makeKey('K1', 'RS256')
const K2 = makeKey('K2', 'ES384')
const K3 = makeKey('K3', 'ES256')
const attacker = makeKey('ATT', 'RS256')
const attackerEc = makeKey('ATTEC', 'ES384')
const keySet = () => ({ keys: [K1.jwk, K2.jwk, K3.jwk] })
const seconds = startTime / 1000
const base = { iss: projectId, sub: 'U1', drn: 'DS', iat: seconds - 10, exp: seconds + 600 }

const { sessions } = createTestService({ keySet })

/** Rejected by every check; the reason is internal, and the outcome is the same. */
async function expectRejected(jwt: string, reason = 'invalid', checks = sessions): Promise<string> {
  const presented = { sessionJwt: jwt, refreshJwt: refreshToken(K1) }
  // A session token of another project counts as absent.
  const { authenticate } = checks
  const outcome =
    reason === 'other-project' ? authenticate({ sessionJwt: jwt }) : authenticate(presented)
  expect(await outcome).toEqual({ status: 'signed-out', reason })
  const error = await checks.validateSession(jwt).then(
    () => expect.unreachable('a bad token was accepted'),
    (error: unknown) => error as Error & { code: string },
  )
  expect(error.name).toBe('TokenError')
  expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/[A-Za-z0-9_-]{21,}/)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  return error.code
}

function forged(header: object, sign: (input: string) => string, claims: object = base): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${sign(input)}`
}

test('the unchanged tokens are accepted, so the cases below prove something', async () => {
  for (const key of [K1, K2, K3]) {
    const outcome = await sessions.authenticate({ sessionJwt: sessionToken(key) })
    expect(outcome.status).toBe('signed-in')
  }
})

describe('T-01 alg none', () => {
  const [, payload, signature] = sessionToken(K1).split('.')
  const algs = ['none', 'None', 'NONE', 'nOnE', 'NoNe', null, ['RS256'], ['none'], '', 0, undefined]
  test.each(algs)('alg %j, with an empty, a copied and a random signature', async (alg) => {
    const header = encode({ alg, kid: 'K1', typ: 'JWT' })
    for (const end of ['', signature, randomBytes(256).toString('base64url')]) {
      await expectRejected(`${header}.${payload}.${end}`)
    }
  })

  test('an empty signature with a valid header (CVE-2020-28042)', async () => {
    await expectRejected(sessionToken(K1).replace(/[^.]*$/, ''))
  })

  test('other claims with the signature of the original ones', async () => {
    const [header, , signature] = sessionToken(K1).split('.')
    await expectRejected(`${header}.${encode({ ...base, sub: 'admin' })}.${signature}`)
  })
})

describe('T-02 a symmetric signature made with our public key', () => {
  const pem = K1.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const secrets: [string, string | Buffer][] = [
    ['SPKI PEM', pem],
    ['SPKI PEM without its last newline', pem.trimEnd()],
    ['SPKI DER', K1.publicKey.export({ type: 'spki', format: 'der' })],
    ['PKCS#1 PEM', K1.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PKCS#1 DER', K1.publicKey.export({ type: 'pkcs1', format: 'der' })],
    ['the JWK', JSON.stringify(K1.jwk)],
    ['n', String(K1.jwk['n'])],
    ['kid', 'K1'],
    ['nothing', ''],
    ['a zero byte', Buffer.from([0])],
    ['a weak secret', 'secret1'],
    ['the secret of many examples', 'your-256-bit-secret'],
  ]
  test.each(secrets)('%s as the secret', async (_what, secret) => {
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ] as const) {
      const jwt = forged({ alg, kid: 'K1' }, (input) =>
        createHmac(hash, secret).update(input).digest('base64url'),
      )
      expect(await expectRejected(jwt)).toBe('ERR_TOKEN_MALFORMED')
    }
  })

  test('a symmetric key in the key set is ignored', async () => {
    const oct = { kty: 'oct', k: Buffer.from('secret').toString('base64url'), kid: 'S' }
    const service = createTestService({ keySet: () => ({ keys: [oct, K1.jwk] }) })
    for (const alg of ['HS256', 'RS256']) {
      const jwt = forged({ alg, kid: 'S' }, (input) =>
        createHmac('sha256', 'secret').update(input).digest('base64url'),
      )
      await expect(service.sessions.validateSession(jwt)).rejects.toMatchObject({
        name: 'TokenError',
      })
    }
  })
})

describe('T-03 an algorithm that is not the key’s', () => {
  test.each(['RS384', 'RS512', 'PS256', 'PS384'])(
    '%s with an RS256 key, correctly signed',
    async (alg) => {
      await expectRejected(forged({ alg, kid: 'K1' }, (i) => signInput(i, alg, K1.privateKey)))
    },
  )

  test('the same where every algorithm is allowed', async () => {
    const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
    const service = createTestService({ keySet, algorithms })
    for (const alg of algorithms.slice(1)) {
      const jwt = forged({ alg, kid: 'K1' }, (i) => signInput(i, alg, K1.privateKey))
      await expect(service.sessions.validateSession(jwt)).rejects.toMatchObject({
        code: 'ERR_TOKEN_SIGNATURE',
      })
    }
  })

  test.each([
    ['RS384', K1],
    ['ES256', K1],
    ['ES384', K3],
    ['RS256', K3],
  ])('%s in the header, and a valid signature by the key’s own algorithm', async (alg, key) => {
    expect(await expectRejected(sessionToken(key, { header: { alg } }))).toBe('ERR_TOKEN_SIGNATURE')
  })

  test('ES384 that names an RSA key, signed by another key', async () => {
    await expectRejected(
      forged({ alg: 'ES384', kid: 'K1' }, (i) => signInput(i, 'ES384', attackerEc.privateKey)),
    )
  })

  test('RS256 in the header, signed as PS256', async () => {
    await expectRejected(
      forged({ alg: 'RS256', kid: 'K1' }, (i) => signInput(i, 'PS256', K1.privateKey)),
    )
  })
})

describe('T-04 a key that comes with the token', () => {
  test('jwk, x5c and kid of another key, which signed', async () => {
    const publicJwk = attacker.publicKey.export({ format: 'jwk' })
    const der = attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    for (const extra of [
      { jwk: publicJwk },
      { jwk: { ...publicJwk, kid: 'K1' } },
      { x5c: [der] },
      { kid: 'ATT' },
    ]) {
      await expectRejected(sessionToken(attacker, { header: { kid: 'K1', ...extra } }))
    }
  })

  test('jku and x5u are rejected even with a valid signature, and never fetched', async () => {
    let visits = 0
    const canary = createServer((_request, response) => {
      visits += 1
      response.end(JSON.stringify({ keys: [attacker.jwk] }))
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    const { port } = canary.address() as AddressInfo
    try {
      for (const name of ['jku', 'x5u']) {
        const header = { [name]: `http://127.0.0.1:${port}/keys` }
        await expectRejected(sessionToken(attacker, { header: { ...header, kid: 'ATT' } }))
        await expectRejected(sessionToken(K1, { header }))
      }
    } finally {
      await new Promise((resolve) => canary.close(resolve))
    }
    expect(visits).toBe(0)
  })
})

describe('T-05 crit', () => {
  test.each([[['x-unknown']], [[]], ['exp'], [['missing']], [['alg']], [[null]], [null]])(
    'crit %j with a valid signature',
    async (crit) => {
      await expectRejected(sessionToken(K1, { header: { crit, 'x-unknown': 1 } }))
    },
  )
})

describe('T-06 b64: false', () => {
  test('with crit, over the raw payload', async () => {
    const header = encode({ alg: 'RS256', kid: 'K1', b64: false, crit: ['b64'] })
    const raw = JSON.stringify(base)
    const signature = signInput(`${header}.${raw}`, 'RS256', K1.privateKey)
    await expectRejected(`${header}.${raw}.${signature}`)
    await expectRejected(`${header}.${encode(raw)}.${signature}`)
  })

  test('without crit, with a valid signature', async () => {
    await expectRejected(sessionToken(K1, { header: { b64: false } }))
    await expectRejected(sessionToken(K1, { header: { zip: 'DEF' } }))
  })
})

describe('T-07 kid injection', () => {
  test.each([
    '../../../../../../../dev/null',
    "x' UNION SELECT 'k';--",
    '__proto__',
    'constructor',
    'K1\n',
    'K1\u0000',
    ' K1',
    'k1',
    1,
    true,
    ['K1'],
    { kid: 'K1' },
    null,
    undefined,
    'x'.repeat(10_000),
  ])('kid %j, signed by another key and by ours', async (kid) => {
    // Unknown ids may cause two refreshes in ten seconds, so each has a service of its own.
    const own = createTestService({ keySet }).sessions
    await expectRejected(sessionToken(attacker, { header: { kid } }), 'invalid', own)
    await expectRejected(sessionToken(K1, { header: { kid } }), 'invalid', own)
    const hmacToken = forged({ alg: 'HS256', kid }, (input) =>
      createHmac('sha256', Buffer.from([0]))
        .update(input)
        .digest('base64url'),
    )
    await expectRejected(hmacToken, 'invalid', own)
  })
})

describe('T-09 an oversized token', () => {
  test.each([16_385, 1_000_000, 10_000_000])('%d characters are not split', async (length) => {
    const [header, , signature] = sessionToken(K1).split('.')
    const around = header!.length + signature!.length + 2
    for (const jwt of [
      `${header}.${'A'.repeat(length - around)}.${signature}`,
      '.'.repeat(length),
      'A'.repeat(length),
    ]) {
      expect(jwt).toHaveLength(length)
      expect(await expectRejected(jwt)).toBe('ERR_TOKEN_MALFORMED')
      // It is the length that is named, whatever else may be wrong.
      await expect(sessions.validateSession(jwt)).rejects.toThrow(/more than 16384 characters/)
    }
  })
})

describe('T-10 deep JSON', () => {
  test('in the header and in the payload, signed', async () => {
    const deep = '['.repeat(3000) + ']'.repeat(3000)
    await expectRejected(sessionToken(K1, { payload: `{"a":${deep}}` }))
    await expectRejected(sessionToken(K1, { payload: deep }))
    const header = encode(`{"alg":"RS256","kid":"K1","a":${deep}}`)
    const input = `${header}.${encode(base)}`
    await expectRejected(`${input}.${signInput(input, 'RS256', K1.privateKey)}`)
    await expectRejected(`${encode(deep)}.${encode(deep)}.AAAA`)
  })
})

describe('T-11 duplicate names', () => {
  const text = JSON.stringify(base).slice(1, -1)
  test('the last one counts, never the first', async () => {
    for (const bad of ['"exp":1', '"iss":"other"', '"drn":"DSR"', '"sub":""']) {
      await expect(
        sessions.validateSession(sessionToken(K1, { payload: `{${text},${bad}}` })),
      ).rejects.toMatchObject({ name: 'TokenError' })
    }
    const header = encode('{"alg":"RS256","kid":"K1","alg":"none"}')
    const input = `${header}.${encode(base)}`
    await expectRejected(`${input}.${signInput(input, 'RS256', K1.privateKey)}`)
  })
})

describe('T-12 the end of a token', () => {
  test.each([
    'null',
    '"1"',
    '1e999',
    '-1e999',
    '1e308',
    'true',
    '[1]',
    '{}',
    `${startTime + 600_000}`,
  ])('exp %s', async (exp) => {
    const text = JSON.stringify({ ...base, exp: 0 }).replace('"exp":0', `"exp":${exp}`)
    expect(await expectRejected(sessionToken(K1, { payload: text }))).toBe('ERR_TOKEN_CLAIM')
  })

  test('exp absent', async () => {
    await expectRejected(sessionToken(K1, { claims: { exp: undefined } }))
  })
})

describe('T-13 nbf and iat', () => {
  test.each([
    { nbf: 'now' },
    { nbf: null },
    { iat: seconds, exp: seconds - 1 },
    { iat: undefined },
    { iat: '1' },
  ])('%j', async (claims) => {
    await expectRejected(sessionToken(K1, { claims }))
  })

  test.each([{ nbf: seconds + 3600 }, { iat: seconds + 3600, exp: seconds + 7200 }])(
    '%j is not valid yet',
    async (claims) => {
      const code = await expectRejected(sessionToken(K1, { claims }), 'not-yet-valid')
      expect(code).toBe('ERR_TOKEN_TOO_EARLY')
    },
  )
})

describe('T-14 clock skew', () => {
  test.each([
    [{ exp: seconds - 3 }, 'signed-in'],
    [{ exp: seconds - 6 }, 'signed-out'],
    [{ iat: seconds + 3 }, 'signed-in'],
    [{ iat: seconds + 300 }, 'signed-in'],
    [{ iat: seconds + 301 }, 'signed-out'],
    [{ nbf: seconds + 3 }, 'signed-in'],
    [{ nbf: seconds + 6 }, 'signed-out'],
  ])(
    '%j: %s with the default of five seconds, and five minutes for iat',
    async (claims, status) => {
      const outcome = await sessions.authenticate({ sessionJwt: sessionToken(K1, { claims }) })
      expect(outcome.status).toBe(status)
    },
  )

  test('zero and five minutes are possible', async () => {
    const strict = createTestService({ keySet, clockToleranceSeconds: 0 }).sessions
    const lax = createTestService({ keySet, clockToleranceSeconds: 300 }).sessions
    const at = (offset: number) =>
      sessionToken(K1, { claims: { iat: seconds - 600, exp: seconds + offset } })
    await expect(strict.validateSession(at(0))).rejects.toMatchObject({ code: 'ERR_TOKEN_EXPIRED' })
    await expect(lax.validateSession(at(-299))).resolves.toBeDefined()
    await expect(lax.validateSession(at(-300))).rejects.toMatchObject({ code: 'ERR_TOKEN_EXPIRED' })
  })
})

describe('T-15 a tolerance that is not a number', () => {
  test.each([NaN, Infinity, -1, 301, '5', null])('%j is rejected at creation', (tolerance) => {
    const options = { clockToleranceSeconds: tolerance as number }
    expect(() => createTestService(options)).toThrow(TypeError)
  })
})

describe('T-16 another issuer', () => {
  test.each([
    'P2other',
    `${projectId}x`,
    [projectId],
    `https://example.com/?p=${projectId}`,
    `https://example.com/#${projectId}`,
    `https://${projectId}/`,
    `https://example.com/${projectId}/..`,
    undefined,
  ])('%j', async (iss) => {
    const jwt = sessionToken(K1, { claims: { iss } })
    expect(await expectRejected(jwt, 'other-project')).toBe('ERR_TOKEN_CLAIM')
  })
})

describe('T-17 one kind of token for the other', () => {
  test('a refresh token as a session token', async () => {
    expect(await expectRejected(refreshToken(K1))).toBe('ERR_TOKEN_KIND')
    expect(await expectRejected(sessionToken(K1, { claims: { drn: undefined } }))).toBe(
      'ERR_TOKEN_KIND',
    )
  })

  test('a session token as a refresh token: there is no request', async () => {
    const service = createTestService({ keySet })
    const refreshJwt = sessionToken(K1)
    await expect(service.sessions.refreshSession(refreshJwt)).rejects.toMatchObject({
      code: 'ERR_TOKEN_KIND',
    })
    expect(await service.sessions.authenticate({ refreshJwt })).toMatchObject({ reason: 'invalid' })
    await expect(
      service.sessions.validateSignIn({ sessionJwt: refreshToken(K1), refreshJwt }),
    ).rejects.toMatchObject({ code: 'ERR_TOKEN_KIND' })
    expect(service.calls.refresh).toBe(0)
  })

  test('configured token names', async () => {
    const tokenNames = { session: 'S1', refresh: 'R1' }
    const service = createTestService({ keySet, tokenNames })
    const jwt = sessionToken(K1, { claims: { drn: 'S1' } })
    await expect(service.sessions.validateSession(jwt)).resolves.toMatchObject({ jwt })
    await expect(service.sessions.validateSession(sessionToken(K1))).rejects.toMatchObject({
      code: 'ERR_TOKEN_KIND',
    })
  })
})

describe('T-18 characters around and inside', () => {
  const good = sessionToken(K1)
  const dot = good.indexOf('.')
  const variants = [
    ...['\n', '\r\n', '\t', ' ', '\u0000', '\ufeff', '\u00a0', '=', '==', '%20', '"', ','].flatMap(
      (text) => [good + text, text + good, good.slice(0, -5) + text + good.slice(-5)],
    ),
    `"${good}"`,
    `${good.slice(0, dot)}．${good.slice(dot + 1)}`,
    good.replaceAll('.', '\u3002'),
    good.replace('.', '..'),
    `Bearer ${good}`,
    `${good},${good}`,
    JSON.stringify({
      payload: good.split('.')[1],
      signatures: [{ signature: good.split('.')[2] }],
    }),
  ]
  test.each(variants.map((jwt, index) => [index, jwt]))('variant %d', async (_index, jwt) => {
    expect(await expectRejected(jwt)).toBe('ERR_TOKEN_MALFORMED')
  })

  test('signed padding and spaces', async () => {
    for (const extra of ['=', '==', ' ', '\n']) {
      const input = `${encode({ alg: 'RS256', kid: 'K1' })}.${encode(base)}${extra}`
      await expectRejected(`${input}.${signInput(input, 'RS256', K1.privateKey)}`)
    }
  })
})

describe('T-19 another spelling of a signature', () => {
  test('only the canonical one of sixteen last characters is accepted', async () => {
    const good = sessionToken(K1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const spellings = alphabet
      .split('')
      .map((last) => good.slice(0, -1) + last)
      .filter((jwt) => {
        const bytes = (text: string) => Buffer.from(text.slice(text.lastIndexOf('.')), 'base64url')
        return bytes(jwt).equals(bytes(good))
      })
    expect(spellings).toHaveLength(16)
    for (const jwt of spellings) {
      if (jwt !== good) expect(await expectRejected(jwt)).toBe('ERR_TOKEN_MALFORMED')
    }
  })

  test.each([K2, K3])('DER, zeros, a swapped R and S, and other lengths, for $alg', async (key) => {
    const good = sessionToken(key)
    const at = good.lastIndexOf('.') + 1
    const bytes = Buffer.from(good.slice(at), 'base64url')
    const half = bytes.length / 2
    const { privateKey } = key
    const input = good.slice(0, at - 1)
    const { sign } = await import('node:crypto')
    for (const signature of [
      sign(key.alg === 'ES256' ? 'sha256' : 'sha384', Buffer.from(input), privateKey),
      Buffer.alloc(bytes.length),
      Buffer.concat([bytes.subarray(half), bytes.subarray(0, half)]),
      bytes.subarray(1),
      Buffer.concat([bytes, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), bytes]),
      Buffer.alloc(0),
      Buffer.alloc(1),
      Buffer.alloc(1000),
    ]) {
      await expectRejected(`${input}.${signature.toString('base64url')}`)
    }
  })

  test('RSA signatures that are short, long, zero or padded in front', async () => {
    const good = sessionToken(K1)
    const at = good.lastIndexOf('.') + 1
    const bytes = Buffer.from(good.slice(at), 'base64url')
    for (const signature of [
      bytes.subarray(1),
      Buffer.concat([Buffer.alloc(1), bytes]),
      Buffer.concat([bytes, Buffer.alloc(1)]),
      Buffer.alloc(256),
      Buffer.alloc(256, 0xff),
      randomBytes(256),
      Buffer.alloc(1),
    ]) {
      await expectRejected(good.slice(0, at) + signature.toString('base64url'))
    }
  })
})

describe('T-20 audience, type and subject', () => {
  test('an audience of the client, and one of the call', async () => {
    const service = createTestService({ keySet, audience: 'app' })
    const named = (aud: unknown) => sessionToken(K1, { claims: { aud } })
    await expect(service.sessions.validateSession(named('app'))).resolves.toBeDefined()
    await expect(service.sessions.validateSession(named(['x', 'app']))).resolves.toBeDefined()
    for (const aud of [undefined, 'ap', 'apps', ['x'], 7, { app: 1 }, ['app', 7]]) {
      await expect(service.sessions.validateSession(named(aud))).rejects.toMatchObject({
        code: 'ERR_TOKEN_CLAIM',
        claim: 'aud',
      })
    }
    const jwt = named('app')
    const options = { audience: ['other'] }
    await expect(sessions.validateSession(jwt, { audience: 'app' })).resolves.toBeDefined()
    await expect(sessions.validateSession(jwt, options)).rejects.toMatchObject({ claim: 'aud' })
  })

  test.each<[unknown]>([
    ['other'],
    [['other']],
    [{ audiences: ['other'] }],
    [{ aud: 'other' }],
    [null],
  ])('audiences in an unknown option are an error, not accepted silently: %j', async (options) => {
    const jwt = sessionToken(K1, { claims: { aud: 'app' } })
    const requested = options as object
    for (const check of [
      sessions.validateSession(jwt, requested),
      sessions.refreshSession('x', requested),
      sessions.validateAndRefreshSession(undefined, 'x', requested),
    ]) {
      await expect(check).rejects.toThrow(/^options (?:must be an object|has no option)/)
    }
  })

  test.each(['at+jwt', 'JWE', '', null, 1])('typ %j', async (typ) => {
    await expectRejected(sessionToken(K1, { header: { typ } }))
  })

  test.each([undefined, '', null, 1, ['U1'], {}])('sub %j', async (sub) => {
    await expectRejected(sessionToken(K1, { claims: { sub } }))
  })

  test('a token in a token, and an encrypted one', async () => {
    await expectRejected(sessionToken(K1, { header: { cty: 'JWT' }, payload: sessionToken(K1) }))
    await expectRejected(sessionToken(K1, { payload: sessionToken(K1) }))
    await expectRejected(`${encode({ alg: 'dir', enc: 'A128GCM', kid: 'K1' })}..AAAA.AAAA.AAAA`)
  })

  test('claims that would change a prototype', async () => {
    const text = JSON.stringify(base).slice(1, -1)
    for (const extra of ['"__proto__":{"polluted":1}', '"nsec":{"__proto__":{"polluted":1}}']) {
      await expectRejected(sessionToken(K1, { payload: `{${text},${extra}}` }))
    }
    const constructed = `{${text},"constructor":{"prototype":{"polluted":1}}}`
    const { token } = await sessions.validateSession(sessionToken(K1, { payload: constructed }))
    expect(Object.assign({}, token)).not.toHaveProperty('polluted')
  })
})

test('another key with the same id and another modulus', async () => {
  const twin = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { ...K1, privateKey: twin.privateKey, publicKey: createPublicKey(twin.privateKey) }
  expect(await expectRejected(sessionToken(key))).toBe('ERR_TOKEN_SIGNATURE')
})
