import { start } from './plain-app.mjs'

// Nothing is wrong: the names of its routes are German.
start({
  paths: { login: '/anmelden', verify: '/bestaetigen', page: '/konto', logout: '/abmelden' },
})
