import { Agent, type Dispatcher } from 'undici'

/** The response of a gateway in place of the service's own. */
export interface GatewayResponse {
  readonly status: number
  readonly body?: string
}

/**
 * A dispatcher through a gateway: the service processes each request, and for some of them the client
 * gets another response.
 *
 * @param respond the response in place of the service's; undefined to pass that on
 */
export function createGateway(
  respond: (path: string) => GatewayResponse | undefined,
): Dispatcher & AsyncDisposable {
  const agent = new Agent()
  const gateway = agent.compose((dispatch) => (options, handler) => {
    const instead = respond(options.path)
    return dispatch(options, instead === undefined ? handler : replacing(handler, instead))
  })
  return Object.assign(gateway, { [Symbol.asyncDispose]: () => agent.destroy() })
}

function replacing(
  handler: Dispatcher.DispatchHandler,
  { status, body = '' }: GatewayResponse,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onResponseStart: (controller) => handler.onResponseStart?.(controller, status, {}),
    onResponseData: () => {},
    onResponseEnd: (controller) => {
      handler.onResponseData?.(controller, Buffer.from(body))
      handler.onResponseEnd?.(controller, {})
    },
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  }
}
