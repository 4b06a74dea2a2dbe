import type { Server } from 'node:net'

/** Has a server listen on this machine alone, at a port that is free; resolves to the port. */
export async function listenOnFreePort(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was bound.')
  return address.port
}
