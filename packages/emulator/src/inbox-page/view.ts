/** `connect` shows how to point an app here. */
export type Tab = 'messages' | 'requests' | 'connect'

/** What the page shows: all of it is in the address, so that a link or a reload shows it again. */
export interface View {
  readonly projectId: string
  readonly tab: Tab
  /** The message that is open. */
  readonly messageId: string | undefined
}

/** Reads the address of the page; what it does not say is the default world's inbox. Pure. */
export function readView(query: URLSearchParams, defaultProjectId: string): View {
  return {
    projectId: query.get('project') ?? defaultProjectId,
    tab: (['requests', 'connect'] as const).find((tab) => tab === query.get('tab')) ?? 'messages',
    messageId: query.get('message') ?? undefined,
  }
}

/** The address of a view, with some of it changed. Pure. */
export function addressOf(view: View, changes: Partial<View> = {}): string {
  const { projectId, tab, messageId } = { ...view, ...changes }
  const query = new URLSearchParams({ project: projectId })
  if (tab !== 'messages') query.set('tab', tab)
  else if (messageId !== undefined) query.set('message', messageId)
  return `/?${query.toString()}`
}
