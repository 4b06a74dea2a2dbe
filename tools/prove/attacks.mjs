// Attacks, the rule that prevents each, and the code without it. `tests` are pairs of a test file and a
// pattern of the names of its tests; those of the adapter suite run on every adapter.
import { links } from './attacks/links.mjs'
import { logouts } from './attacks/logouts.mjs'
import { requests } from './attacks/requests.mjs'
import { sessions } from './attacks/sessions.mjs'

export const attacks = [...links, ...logouts, ...requests, ...sessions]
