// A stub of the service in a process of its own, so that what it costs is not the caller's.
import { createStub } from './tokens.mjs'

const stub = await createStub({ answer: { maskedEmail: 'a***@***le.test' } })
process.on('message', () => process.send(stub.counts.sockets))
process.send(stub.url)
