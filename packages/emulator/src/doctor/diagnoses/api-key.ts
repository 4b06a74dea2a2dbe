import type { Diagnosis } from '../diagnosis.ts'
import { isLoopback } from '../../loopback.ts'
import type { Probe } from '../probe.ts'

const fromTheDocs =
  'This is read from the documents; nobody has checked it against the live service.'

/**
 * Whether the project's authentication API needs a key. It is asked to redeem a link that does not
 * exist: an API without protection looks for the link, a protected one refuses the caller.
 */
export const apiKey: Diagnosis = {
  name: 'api-key',
  examine: ({ withoutKey, withKey, baseUrl }) => {
    const open = outcomeOf(withoutKey)
    const keyed = outcomeOf(withKey)
    if (open === 'unknown' || (withKey !== undefined && keyed === 'unknown')) {
      return { status: 'skipped', found: 'the service did not say' }
    }
    if (keyed === 'refused') {
      return {
        status: 'problem',
        found: 'the service refuses the key in DESCOPE_AUTH_MANAGEMENT_KEY',
        expected: 'a key of this project that is active',
        fix: 'Copy an active key from the console, or remove the variable if the project needs none.',
      }
    }
    if (open === 'refused' && withKey === undefined) {
      return {
        status: 'problem',
        found: `the authentication API of the project refuses requests without a key. ${fromTheDocs}`,
        expected: 'DESCOPE_AUTH_MANAGEMENT_KEY, which the client sends with each call',
        fix: 'Create a key in the console, and set DESCOPE_AUTH_MANAGEMENT_KEY.',
      }
    }
    if (open === 'refused')
      return { status: 'ok', found: `the API needs a key, and has it. ${fromTheDocs}` }
    if (baseUrl !== undefined && isLoopback(baseUrl.hostname)) {
      return { status: 'skipped', found: 'an emulator needs no key' }
    }
    return {
      status: 'warning',
      found: `the authentication API accepts requests without a key. ${fromTheDocs}`,
      expected: 'a project whose API only your servers can call',
      fix: 'Whoever has the project id and a refresh token can change the user’s address at the service, past your app. Protect the API with a key in the console, and set DESCOPE_AUTH_MANAGEMENT_KEY.',
    }
  },
}

function outcomeOf(probe: Probe | undefined): 'looked-up' | 'refused' | 'unknown' {
  if (probe?.reached !== true) return 'unknown'
  const errorCode = probe.body?.['errorCode']
  const code = typeof errorCode === 'string' ? errorCode : ''
  // E062… and E063… speak of the link or its token.
  if (/^E06[23]/.test(code) || probe.status === 400) return 'looked-up'
  return probe.status === 401 || probe.status === 403 ? 'refused' : 'unknown'
}
