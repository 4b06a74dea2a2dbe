/** The tabs of the page; `connect` shows how to connect an app. */
export type Tab = 'messages' | 'requests' | 'connect'

/** What the page shows. All of it is in the URL, so that a link or a reload shows the same. */
export interface View {
  readonly projectId: string
  readonly tab: Tab
  /** The message that is open. */
  readonly messageId: string | undefined
  /** What the list of messages is searched for; empty for all. */
  readonly search: string
}

/** Reads the view from the URL of the page. The default is the inbox of the default world. */
export function readView(query: URLSearchParams, defaultProjectId: string): View {
  return {
    projectId: query.get('project') ?? defaultProjectId,
    tab: (['requests', 'connect'] as const).find((tab) => tab === query.get('tab')) ?? 'messages',
    messageId: query.get('message') ?? undefined,
    search: query.get('q')?.trim() ?? '',
  }
}

/** The URL of a view with some changes. */
export function addressOf(view: View, changes: Partial<View> = {}): string {
  const { projectId, tab, messageId, search } = { ...view, ...changes }
  const query = new URLSearchParams({ project: projectId })
  if (tab !== 'messages') {
    query.set('tab', tab)
  } else {
    if (search !== '') query.set('q', search)
    if (messageId !== undefined) query.set('message', messageId)
  }
  return `/?${query.toString()}`
}
