import type { Link } from '../links/link-store.ts'
import type { MessageOptions, MessagePurpose } from './message.ts'

const actions: Record<MessagePurpose, string> = {
  'sign-up': 'finish signing up',
  'sign-in': 'sign in',
  'sign-up-or-in': 'sign in',
  invite: 'accept your invitation',
  'update-email': 'confirm your new email address',
  'update-phone': 'confirm your new phone number',
}

/** The subject and the text of a message; `links` are in the order of the email. */
export function composeMessage(
  purpose: MessagePurpose,
  links: readonly Link[],
  options: MessageOptions,
): { subject: string; text: string } {
  const action = actions[purpose]
  const variables = Object.entries(options.templateOptions ?? {})
  const lines = [
    links.length === 1
      ? `Open this link to ${action}:`
      : `To ${action}, open the link with the number that your screen shows:`,
    '',
    ...links.map(({ enchanted, url }) => (enchanted ? `${enchanted.number}  ${url}` : url)),
    '',
    'If you did not request this, do nothing.',
    ...variables.map(([name, value]) => `${name}: ${value}`),
  ]
  return { subject: action.charAt(0).toUpperCase() + action.slice(1), text: lines.join('\n') }
}
