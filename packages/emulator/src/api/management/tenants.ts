import { z } from 'zod'
import { randomId } from '../../world/random.ts'
import { type Call, type EndpointResponse, readBody } from '../call.ts'
import { text } from '../schemas.ts'

const createTenantRequest = z.object({ id: text, name: z.string().min(1) })

/** `POST /v1/mgmt/tenant/create`: sets the name of a tenant that responses contain. */
export function createTenant(call: Call): EndpointResponse {
  const { id, name } = readBody(call, createTenantRequest)
  const tenantId = id ?? randomId('T2')
  call.world.state.tenantNames.set(tenantId, name)
  return { body: { id: tenantId } }
}
