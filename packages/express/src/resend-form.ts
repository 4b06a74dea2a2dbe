import type { Attempt } from '@linkpass/web'
import type { AuthContext } from './context.ts'
import type { FormTarget } from './pages/layout.ts'

/** The form that asks for the link of an attempt once more; an update has to be asked for where it was. */
export function resendForm({ settings }: AuthContext, attempt: Attempt): FormTarget {
  const { basePath } = settings
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
