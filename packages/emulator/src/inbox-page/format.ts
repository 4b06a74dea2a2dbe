import type { Message } from '../world/messages/message.ts'
import type { LinkState } from '../world/links/link-store.ts'

/** A state as a word and a symbol, because not every user can distinguish the colours. */
interface StateWords {
  readonly shape: string
  readonly word: string
}

/** The word and symbol of each link state. */
export const linkStates: Readonly<Record<LinkState, StateWords>> = {
  unused: { shape: '○', word: 'Unused' },
  used: { shape: '✓', word: 'Used' },
  expired: { shape: '✕', word: 'Expired' },
  void: { shape: '–', word: 'Void, because the right link was used' },
}

const channels: Readonly<Record<Message['channel'], string>> = {
  email: 'Email',
  sms: 'SMS',
  whatsapp: 'WhatsApp',
}

const purposes: Readonly<Record<Message['purpose'], string>> = {
  'sign-up': 'sign up',
  'sign-in': 'sign in',
  'sign-up-or-in': 'sign up or in',
  invite: 'invitation',
  'update-email': 'new email address',
  'update-phone': 'new phone number',
}

/** A description of a message, such as "Email · magic link · sign in". */
export function describeMessage({ channel, kind, purpose }: Message): string {
  return [channels[channel], kind.replace('-', ' '), purposes[purpose]].join(' · ')
}

// Tokens are random, so a short word would find some by accident.
const shortestInLink = 8

/** Whether a message has every word of a search: in its address, description, variables or links. */
export function matchesSearch(message: Message, search: string): boolean {
  const { to, subject, links, options } = message
  const shown = [
    to,
    subject,
    describeMessage(message),
    ...Object.values(options.templateOptions ?? {}),
  ]
  const text = shown.join('\n').toLowerCase()
  const urls = links.map(({ url }) => url.toLowerCase()).join('\n')
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word) || (word.length >= shortestInLink && urls.includes(word)))
}

/** The state of a message: used if one of its links was used, else the best state of its links. */
export function messageState({ links }: Message): LinkState {
  const states = links.map((link) => link.state)
  return (['used', 'unused', 'expired'] as const).find((s) => states.includes(s)) ?? 'void'
}

/** A duration in its two largest units, such as "1 h 5 min". */
export function duration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000))
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** The time since a moment, such as "just now" or "5 min ago". */
export function ago(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000)
  return minutes < 1 ? 'just now' : `${duration(minutes * 60_000)} ago`
}

/** A moment in UTC, such as "2026-11-22 06:57:11 UTC". */
export function dateAndTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The time of day in UTC, such as "06:57:11". */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
