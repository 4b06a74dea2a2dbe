import { subscribe } from 'node:diagnostics_channel'

for (const name of [
  'linkpass:request:start',
  'linkpass:request:end',
  'linkpass:request:error',
  'linkpass:keys:stale',
  'linkpass:keys:fresh',
  'linkpass:clock-skew',
  'linkpass:sign-in:refused',
]) {
  subscribe(name, (message) => console.error(name, message))
}
