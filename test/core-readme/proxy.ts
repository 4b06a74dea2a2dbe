import { type DescopeClient, createDescopeClient } from '@linkpass/core'
import { ProxyAgent } from 'undici'

/** A client whose requests go through a proxy. */
export function clientBehind(proxy: string, projectId: string): DescopeClient {
  const dispatcher = new ProxyAgent({ uri: proxy })
  return createDescopeClient({ projectId, dispatcher })
}
