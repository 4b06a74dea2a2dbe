/**
 * Signs a user in from a terminal: `DESCOPE_PROJECT_ID=P… node main.ts ada@example.com`. Do not open
 * the link; paste it into the terminal.
 */
import { createInterface } from 'node:readline/promises'
import { clientOptionsFromEnv, createDescopeClient } from '@linkpass/core'

await using client = createDescopeClient(clientOptionsFromEnv())
const [address] = process.argv.slice(2)
if (address === undefined) {
  console.error('Give the address to send a link to, such as ada@example.com.')
  process.exit(1)
}

const sent = await client.magicLink.signUpOrIn.email(address, 'https://localhost/pasted')
if (!sent.ok) {
  console.error(`No link was sent: ${sent.error.errorDescription}`)
  process.exit(1)
}

const terminal = createInterface({ input: process.stdin, output: process.stdout })
const link = new URL(await terminal.question(`Paste the link sent to ${sent.data.maskedEmail}: `))
terminal.close()

const verified = await client.magicLink.verify(link.searchParams.get('t') ?? '')
if (!verified.ok) {
  console.error(`The link did not work: ${verified.error.errorDescription}`)
  process.exit(1)
}

const { token } = await client.validateSession(verified.data.sessionJwt)
console.log(`Signed in as ${token.sub} until ${new Date(token.exp * 1000).toISOString()}`)
