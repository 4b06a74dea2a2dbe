// A project id is `P`, an optional four-character region, and 27 characters.
const projectIdPattern = /^P[A-Za-z0-9]{27,40}$/

/** Whether this has the form of a Descope project id: `P` and 27 to 40 letters and digits. */
export function isProjectId(value: unknown): value is string {
  return typeof value === 'string' && projectIdPattern.test(value)
}

/**
 * The service's address for a project: ids of at least 32 characters contain their region in
 * characters 2 to 5 (the rule of the service's Go and Python SDKs; shorter ids have none).
 */
export function defaultBaseUrl(projectId: string): string {
  if (projectId.length < 32) return 'https://api.descope.com'
  return `https://api.${projectId.slice(1, 5)}.descope.com`
}
