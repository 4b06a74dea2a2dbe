// Session validation: tokens never seen and tokens seen before, one after another and 64 at once.
import { interleave, ratio, table, timed, timesCheaper } from './rounds.mjs'
import { createIssuer, createStub, fresh } from './tokens.mjs'
import { BARE, createValidators, INCUMBENT } from './validators.mjs'

const ROUNDS = 12
const PER_ROUND = 300

async function oneAfterAnother(validate, tokens) {
  for (const token of tokens) await validate(token)
}

async function manyAtOnce(validate, tokens) {
  for (let i = 0; i < tokens.length; i += 64) {
    await Promise.all(tokens.slice(i, i + 64).map((token) => validate(token)))
  }
}

async function compare(title, validators, tokensOf, work) {
  const contenders = {}
  for (const [name, validate] of Object.entries(validators)) {
    contenders[name] = (round) => {
      const tokens = tokensOf(round)
      return timed(() => work(validate, tokens))
    }
  }
  const costs = await interleave(contenders, { rounds: ROUNDS })
  const rows = Object.keys(validators).map((name) => [
    name,
    ratio(timesCheaper(costs, name, INCUMBENT)),
    BARE in validators ? ratio(timesCheaper(costs, name, BARE)) : '–',
  ])
  table(title, ['validator', '× the incumbent', '× bare verify'], rows)
}

for (const alg of ['RS256', 'ES256']) {
  const issuer = await createIssuer(alg)
  const stub = await createStub({ jwk: issuer.jwk })
  const { validators, close } = await createValidators(issuer, stub)
  const { linkpass, 'fast-jwt, its cache': fastCached, ...rest } = validators
  const { 'linkpass, no cache': _, 'fast-jwt': __, [BARE]: ___, ...withoutCache } = rest

  // Enough tokens that no round meets one a second time.
  const pool = await issuer.mintMany(PER_ROUND * (ROUNDS + 1))
  const unseen = (round) => pool.slice(round * PER_ROUND, (round + 1) * PER_ROUND).map(fresh)
  await compare(`${alg}, every token new, one after another`, rest, unseen, oneAfterAnother)
  await compare(`${alg}, every token new, 64 at once`, rest, unseen, manyAtOnce)

  const known = await issuer.mintMany(1000)
  const caching = { linkpass, 'fast-jwt, its cache': fastCached, ...withoutCache }
  // Linkpass keeps a token at its second sight.
  for (const cached of [linkpass, linkpass, fastCached]) await oneAfterAnother(cached, known)
  const seen = () => known.map(fresh)
  await compare(
    `${alg}, 1,000 tokens seen before, as fresh strings (only linkpass and fast-jwt cache)`,
    caching,
    seen,
    oneAfterAnother,
  )
  await close()
  await stub.close()
}
