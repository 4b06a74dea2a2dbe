import { start } from './plain-app.mjs'

// The fault: no Secure, although the app is served over https.
process.env.APP_URL = 'https://app.example.com'
start({ cookieOptions: () => ({ httpOnly: true, sameSite: 'lax', path: '/' }) })
