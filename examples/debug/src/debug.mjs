import { subscribe } from 'node:diagnostics_channel'

for (const name of [
  'linkpass:request:start',
  'linkpass:request:end',
  'linkpass:request:error',
  'linkpass:keys:stale',
  'linkpass:keys:fresh',
  'linkpass:clock-skew',
  'linkpass:session:verified',
  'linkpass:session:refreshed',
  'linkpass:store:operation',
  'linkpass:store:breaker',
  'linkpass:revocations:followed',
  'linkpass:revocations:behind',
  'linkpass:guard',
  'linkpass:sign-in:sent',
  'linkpass:sign-in:redeemed',
  'linkpass:sign-in:refused',
]) {
  subscribe(name, (message) => console.error(name, message))
}
