/** A form that was sent to a route which needs a step-up, and that is sent once more after it. */
import { attemptLifetimeMs } from '../attempt/browser-record.ts'
import type { AuthContext, RouteContext } from '../context.ts'
import type { SentForm } from '../pages/layout.ts'
import { pathOfTarget } from '../paths.ts'
import { readAnyForm } from '../request/body.ts'
import { knownIdentity } from './identify.ts'

export interface InterruptedForm extends SentForm {
  readonly userId: string
}

// Sealed, it must fit into the form that requests the step-up, beside its other fields.
const maxFieldBytes = 6144
const purpose = 'interrupted-form'

/**
 * The form of a request, sealed, for the page that asks for a step-up; undefined where it cannot be sent
 * again: it has files, is no form, or is too large.
 */
export async function sealForm(context: RouteContext): Promise<string | undefined> {
  const { method, request, sealer, settings, site, target } = context
  const session = knownIdentity(site, request)?.session
  if (method !== 'POST' || session === undefined) return undefined
  const fields = await readAnyForm(context)
  if (fields === undefined || Buffer.byteLength(JSON.stringify(fields)) > maxFieldBytes) {
    return undefined
  }
  const { userId } = session
  const form: InterruptedForm = { userId, action: pathOfTarget(settings, target), fields }
  return sealer.seal(purpose, form)
}

/** What was sealed; undefined for anything else, and for the form of another user. */
export function openForm(
  { sealer }: AuthContext,
  sealed: string,
  userId: string,
): InterruptedForm | undefined {
  return formOf(sealer.open(purpose, sealed), userId)
}

/** Keeps a form for as long as a link may be used. Name and user are what it takes to open it. */
export async function keepForm(
  context: AuthContext,
  id: string,
  form: InterruptedForm,
): Promise<void> {
  await context.entries.keep(purpose, id, form, attemptLifetimeMs)
}

/** A form that was kept, if this user sent it. */
export async function findForm(
  context: AuthContext,
  id: string,
  userId: string,
): Promise<InterruptedForm | undefined> {
  return formOf(await context.entries.find(purpose, id), userId)
}

// Another release may have sealed another shape.
function formOf(data: unknown, userId: string): InterruptedForm | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const form: Partial<Record<keyof InterruptedForm, unknown>> = data
  const { action, fields } = form
  if (form.userId !== userId || typeof action !== 'string' || !Array.isArray(fields)) {
    return undefined
  }
  return { userId, action, fields }
}
