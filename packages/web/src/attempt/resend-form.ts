import type { FormTarget } from '../pages/layout.ts'
import type { Attempt } from './browser-record.ts'

/** The form that requests the link of an attempt once more, from the route that it came from. */
export function resendForm(basePath: string, attempt: Attempt): FormTarget {
  const { loginId, method, returnTo, purpose, profile } = attempt
  if (purpose === 'step-up') return { action: `${basePath}/step-up`, fields: { returnTo } }
  if (purpose === undefined) {
    return { action: `${basePath}/magic-link`, fields: { ...profile, loginId, method, returnTo } }
  }
  const fields = {
    returnTo,
    ...(method === 'email' ? { email: loginId } : { phone: loginId, method }),
  }
  return { action: `${basePath}/${method === 'email' ? 'email' : 'phone'}`, fields }
}
