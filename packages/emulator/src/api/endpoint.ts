import type { Call, EndpointResponse } from './call.ts'

/** What a caller needs: nothing, a project id, or the management key. */
export type Access = 'open' | 'project' | 'management'

/** One endpoint of the service. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** May contain `:name` parameters. */
  readonly path: string
  readonly access: Access
  readonly handle: (call: Call) => Promise<EndpointResponse> | EndpointResponse
}
