// Every validator that is compared, prepared for the session tokens of one issuer. Each must accept a
// valid token and refuse a forged one before it is measured.
import { createPublicKey, verify } from 'node:crypto'
import { JwtVerifier } from 'aws-jwt-verify'
import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import descopeSdk from '@descope/node-sdk'
import { createDescopeClient } from '../../packages/core/dist/index.js'
import { projectId } from './tokens.mjs'

export const INCUMBENT = '@descope/node-sdk'
export const BARE = 'crypto.verify alone'

/** The two whose key fetching is compared: fresh, with nothing cached. */
export const createSdk = {
  linkpass: (baseUrl, options) => createDescopeClient({ projectId, baseUrl, ...options }),
  [INCUMBENT]: (baseUrl) => descopeSdk({ projectId, baseUrl }),
}

export async function createValidators(issuer, stub) {
  const uncached = createSdk.linkpass(stub.url, { cache: false })
  const cached = createSdk.linkpass(stub.url)
  const incumbent = createSdk[INCUMBENT](stub.url)
  const validators = {
    [BARE]: bareVerify(issuer),
    'linkpass, no cache': (token) => uncached.validateSession(token),
    linkpass: (token) => cached.validateSession(token),
    [INCUMBENT]: (token) => incumbent.validateSession(token),
    'jose, remote set': joseVerify(issuer, stub),
    'aws-jwt-verify': awsVerify(issuer),
    'fast-jwt': fastVerify(issuer, {}),
    'fast-jwt, its cache': fastVerify(issuer, { cache: 10_000 }),
  }
  await checkValidators(validators, issuer)
  return { validators, close: () => Promise.all([uncached.close(), cached.close()]) }
}

function bareVerify(issuer) {
  const key = createPublicKey(pemOf(issuer))
  const bareKey = issuer.alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : key
  const hash = `sha${issuer.alg.slice(2)}`
  return (token) => {
    const dot = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(dot + 1), 'base64url')
    const good = verify(hash, Buffer.from(token.slice(0, dot)), bareKey, signature)
    if (!good) throw new Error('forged')
  }
}

function joseVerify(issuer, stub) {
  const keys = createRemoteJWKSet(new URL(`${stub.url}/v2/keys/${projectId}`))
  const rules = { issuer: projectId, algorithms: [issuer.alg] }
  return (token) => jwtVerify(token, keys, rules)
}

function awsVerify(issuer) {
  const jwksUri = 'https://keys.example.test/jwks'
  const verifier = JwtVerifier.create({ issuer: projectId, audience: null, jwksUri })
  verifier.cacheJwks({ keys: [issuer.jwk] })
  return (token) => verifier.verifySync(token)
}

function fastVerify(issuer, options) {
  const rules = { key: pemOf(issuer), algorithms: [issuer.alg], allowedIss: projectId }
  return createVerifier({ ...rules, ...options })
}

function pemOf({ publicKeyPem }) {
  return publicKeyPem
}

async function checkValidators(validators, issuer) {
  const good = await issuer.mint()
  for (const [name, validate] of Object.entries(validators)) {
    await validate(good)
    const refused = await Promise.resolve(forged(good))
      .then(validate)
      .then(
        () => false,
        () => true,
      )
    if (!refused) throw new Error(`${name} accepted a forged token; nothing was measured`)
  }
}

/** The same token with one character of its signature changed. */
export function forged(token) {
  const at = token.length - 20
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}
