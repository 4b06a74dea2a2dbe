// A stub of the service in a process of its own, so that its CPU time is not the caller's.
import { createStub } from './tokens.mjs'

const stub = await createStub({ response: { maskedEmail: 'a***@***le.test' } })
process.on('message', () => process.send(stub.counts.sockets))
process.send(stub.url)
