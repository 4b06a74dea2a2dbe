/**
 * `ada@example.com` as `ad***@***le.com`. The live service's exact rule is not published; this
 * is the form of the examples in its SDKs (our choice).
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  const label = dot > 0 ? domain.slice(0, dot) : domain
  const end = dot > 0 ? domain.slice(dot) : ''
  return `${email.slice(0, Math.min(2, at))}***@***${label.slice(-2)}${end}`
}

/** `+14155550890` as `+1***890` (our choice, after the examples in the service's SDKs). */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 2)}***${phone.slice(-3)}`
}
