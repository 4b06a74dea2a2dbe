import type { LinkMethod } from '../../world/links/link-store.ts'
import { maskEmail, maskPhone } from './masking.ts'
import { isEmail, isPhone, withoutSeparators } from '../../world/users/login-id.ts'
import type { Profile } from '../../world/users/user-directory.ts'
import { ServiceError } from '../service-error.ts'

/** The channels a link can be sent by. */
export type Channel = Exclude<LinkMethod, 'embedded'>

export function isChannel(value: string | undefined): value is Channel {
  return value === 'email' || value === 'sms' || value === 'whatsapp'
}

/** The field of a profile that holds the address of a channel. */
export function addressField(channel: Channel): 'email' | 'phone' {
  return channel === 'email' ? 'email' : 'phone'
}

/**
 * The address of a user for a channel: the one in the profile, else the login id.
 *
 * @throws {ServiceError} neither is an address of that channel
 */
export function addressOf(channel: Channel, profile: Profile, loginId: string): string {
  const field = addressField(channel)
  return requireAddress(channel, profile[field] ?? loginId)
}

/**
 * The address as it is stored: without space around it, and a phone number without separators (E.164).
 *
 * @throws {ServiceError} the value is not an address of that channel
 */
export function requireAddress(channel: Channel, value: string): string {
  const address = value.trim()
  if (channel === 'email' && isEmail(address)) return address
  if (channel !== 'email' && isPhone(address)) return withoutSeparators(address)
  throw new ServiceError('invalidRequest', `The ${addressField(channel)} field is invalid`)
}

/** The masked address, under the field of its channel: the Python SDK requires that exact field. */
export function maskedAddress(channel: Channel, address: string): Record<string, string> {
  return channel === 'email'
    ? { maskedEmail: maskEmail(address) }
    : { maskedPhone: maskPhone(address) }
}
