import type { Link } from '../links/link-store.ts'
import type { MessageOptions, MessagePurpose } from './message.ts'

const asks: Record<MessagePurpose, string> = {
  'sign-up': 'finish signing up',
  'sign-in': 'sign in',
  'sign-up-or-in': 'sign in',
  'update-email': 'confirm your new email address',
  'update-phone': 'confirm your new phone number',
}

/** What a message says. Pure: the links come in mail order. */
export function composeMessage(
  purpose: MessagePurpose,
  links: readonly Link[],
  options: MessageOptions,
): { subject: string; text: string } {
  const ask = asks[purpose]
  const variables = Object.entries(options.templateOptions ?? {})
  const lines = [
    links.length === 1
      ? `Open this link to ${ask}:`
      : `To ${ask}, open the link with the number that you were shown:`,
    '',
    ...links.map(({ enchanted, url }) => (enchanted ? `${enchanted.number}  ${url}` : url)),
    '',
    'If you did not ask for this, do nothing.',
    ...variables.map(([name, value]) => `${name}: ${value}`),
  ]
  return { subject: ask.charAt(0).toUpperCase() + ask.slice(1), text: lines.join('\n') }
}
