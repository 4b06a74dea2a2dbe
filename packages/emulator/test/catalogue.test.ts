import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Reply, type Service, startService } from './service.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
beforeEach(() => service.emulator.reset())
afterAll(() => service.emulator.close())

const ada = 'ada@example.com'
const manage = (path: string, body: object = {}): Promise<Reply> =>
  service.post(`/v1/mgmt/${path}`, body, { token: service.emulator.managementKey })

/** The fields of the entries of a list that these tests read. */
interface Entry {
  id: string
  name: string
}
/** The names of the entries of a list in a response. */
const namesIn = (reply: Reply, list: string): string[] => {
  const { [list]: entries = [] } = JSON.parse(reply.text) as Record<string, Entry[]>
  return entries.map(({ name }) => name)
}
const parsed = ({ text }: Reply): unknown => JSON.parse(text)
const read = async (path: string): Promise<unknown> =>
  parsed(await service.get(`/v1/mgmt/${path}`, { token: service.emulator.managementKey }))

describe('a tenant', () => {
  beforeEach(async () => {
    await manage('tenant/create', {
      id: 'T1',
      name: 'Engines',
      selfProvisioningDomains: ['e.test'],
    })
    await manage('tenant/create', { id: 'T2', name: 'Looms', parent: 'T1' })
  })

  it('is loaded, updated and searched', async () => {
    expect(await read('tenant?id=T1')).toMatchObject({
      id: 'T1',
      name: 'Engines',
      selfProvisioningDomains: ['e.test'],
      createdTime: expect.any(Number),
    })
    expect(await read('tenant/all')).toMatchObject({ tenants: [{ id: 'T1' }, { id: 'T2' }] })
    const search = async (body: object): Promise<string[]> =>
      namesIn(await manage('tenant/search', body), 'tenants')
    expect(await search({ tenantNames: ['Looms'] })).toEqual(['Looms'])
    expect(await search({ tenantSelfProvisioningDomains: ['e.test'] })).toEqual(['Engines'])
    expect(await search({ parentTenantId: 'T1' })).toEqual(['Looms'])
    await manage('tenant/update', { id: 'T1', name: 'Analytical Engines', disabled: true })
    await manage('tenant/updateDefaultRoles', { id: 'T1', defaultRoles: ['member'] })
    expect(await read('tenant?id=T1')).toMatchObject({
      name: 'Analytical Engines',
      disabled: true,
      selfProvisioningDomains: [],
      defaultRoles: ['member'],
    })
  })

  it('takes its access keys and its roles along when it is deleted', async () => {
    await manage('role/create', { name: 'owner', tenantId: 'T1' })
    const { key } = (
      await manage('accesskey/create', { name: 'ci', keyTenants: [{ tenantId: 'T1' }] })
    ).body
    await manage('tenant/delete', { id: 'T1' })
    expect(await read('role/all')).toEqual({ roles: [] })
    expect(await read(`accesskey?id=${key.id}`)).toMatchObject({ key: { keyTenants: [] } })
  })

  it('has one id, and leaves its users when it is deleted', async () => {
    const again = await manage('tenant/create', { id: 'T1', name: 'Other' })
    expect(again.body.errorCode).toBe('E011004')
    await service.emulator.signIn(ada, { tenants: { T1: {}, T2: {} } })
    await manage('tenant/delete', { id: 'T1', cascade: true })
    expect(await read(`user?loginId=${ada}`)).toMatchObject({
      user: { userTenants: [{ tenantId: 'T2' }] },
    })
    expect((await manage('tenant/delete', { id: 'T1' })).body.errorCode).toBe('E011004')
  })
})

describe('a role', () => {
  beforeEach(async () => {
    await manage('permission/create', { name: 'write', description: 'Writes' })
    await manage('role/create', {
      name: 'editor',
      permissionNames: ['write'],
      description: 'Edits',
    })
  })

  it('gives its permissions to its users, in the project and in a tenant', async () => {
    await manage('role/create', { name: 'owner', permissionNames: ['bill'], tenantId: 'T1' })
    const { sessionJwt } = await service.emulator.signIn(ada, {
      roles: ['editor', 'unknown'],
      permissions: ['read'],
      tenants: { T1: { roles: ['owner', 'editor'] } },
    })
    expect(decodeJwt(sessionJwt)).toMatchObject({
      permissions: ['read', 'write'],
      tenants: { T1: { permissions: ['bill', 'write'] } },
    })
  })

  it('is renamed and deleted for its users and keys too', async () => {
    await service.emulator.signIn(ada, { roles: ['editor'] })
    const { key } = (await manage('accesskey/create', { name: 'ci', roleNames: ['editor'] })).body
    await manage('role/update', { name: 'editor', newName: 'author', permissionNames: ['write'] })
    const expectRoles = async (roleNames: string[]): Promise<void> => {
      expect(await read(`user?loginId=${ada}`)).toMatchObject({ user: { roleNames } })
      expect(await read(`accesskey?id=${key.id}`)).toMatchObject({ key: { roleNames } })
    }
    await expectRoles(['author'])
    await manage('role/delete', { name: 'author' })
    await expectRoles([])
    expect((await manage('role/delete', { name: 'author' })).body.errorCode).toBe('E011004')
  })

  it('is loaded, searched, and changed in a batch', async () => {
    const roles = [{ name: 'viewer' }, { name: 'owner', tenantId: 'T1' }]
    const created = parsed(await manage('role/create/batch', { roles })) as { roles: Entry[] }
    expect(created.roles).toMatchObject([{ name: 'viewer', tenantId: '' }, { tenantId: 'T1' }])
    expect((await manage('role/create/batch', { roles })).status).toBe(400)
    expect(await read('role/all')).toMatchObject({
      roles: [
        { name: 'editor', description: 'Edits', permissionNames: ['write'] },
        { name: 'viewer' },
        { name: 'owner' },
      ],
    })
    const search = async (body: object): Promise<string[]> =>
      namesIn(await manage('role/search', body), 'roles')
    expect(await search({ roleNameLike: 'VIEW' })).toEqual(['viewer'])
    expect(await search({ tenantIds: ['T1'] })).toEqual(['owner'])
    expect(await search({ permissionNames: ['write'] })).toEqual(['editor'])
    const id = created.roles[0]?.id
    const updated = await manage('role/update/batch', { roles: [{ id, newName: 'reader' }] })
    expect(namesIn(updated, 'roles')).toEqual(['reader'])
    await manage('role/delete/batch', { roleIds: [id], roleNames: ['editor'] })
    expect(await read('role/all')).toMatchObject({ roles: [{ name: 'owner' }] })
  })
})

it.each(['role', 'permission'])('a batch that names a %s twice creates none', async (kind) => {
  const batch = { [`${kind}s`]: [{ name: 'one' }, { name: 'two' }, { name: 'one' }] }
  expect((await manage(`${kind}/create/batch`, batch)).body.errorCode).toBe('E011004')
  expect(await read(`${kind}/all`)).toEqual({ [`${kind}s`]: [] })
})

describe('a permission', () => {
  it('is created, renamed in its roles, and deleted from them', async () => {
    const permissions = [{ name: 'read' }, { name: 'write' }]
    await manage('permission/create/batch', { permissions })
    expect((await manage('permission/create', { name: 'read' })).body.errorCode).toBe('E011004')
    await manage('role/create', { name: 'editor', permissionNames: ['read', 'write'] })
    await manage('permission/update', { name: 'write', newName: 'edit', description: 'Edits' })
    expect(await read('role/all')).toMatchObject({
      roles: [{ permissionNames: ['read', 'edit'] }],
    })
    expect(await read('permission/all')).toMatchObject({
      permissions: [
        { name: 'read', systemDefault: false },
        { name: 'edit', description: 'Edits' },
      ],
    })
    await manage('permission/delete/batch', { names: ['edit'] })
    await manage('permission/delete', { name: 'read' })
    expect(await read('role/all')).toMatchObject({ roles: [{ permissionNames: [] }] })
  })
})

describe('an access key', () => {
  const create = async (more: object = {}): Promise<Reply> =>
    manage('accesskey/create', { name: 'ci', expireTime: 0, ...more })
  const exchange = (cleartext: string): Promise<Reply> =>
    service.post('/v1/auth/accesskey/exchange', {}, { token: cleartext })

  it('has every field of the request, and says who created it', async () => {
    const fields = {
      description: 'Continuous integration',
      permittedIps: ['127.0.0.1', '::1', '10.0.0.0/8'],
      customClaims: { k: 1 },
      roleNames: ['editor'],
    }
    const reply = await create({ ...fields, userId: 'U2x' })
    const { key, cleartext } = reply.body
    const expected = { ...fields, name: 'ci', status: 'active', boundUserId: 'U2x' }
    expect(key).toMatchObject({ ...expected, createdBy: expect.stringMatching(/./) })
    expect(await read(`accesskey?id=${key.id}`)).toEqual({ key })
    expect((await exchange(cleartext)).status).toBe(200)
  })

  it('is refused from an address that it does not permit', async () => {
    const { cleartext } = (await create({ permittedIps: ['10.0.0.0/8', '2001:db8::/32'] })).body
    expect((await exchange(cleartext)).body.errorCode).toBe('E062803')
  })

  it('is deactivated, activated, rotated and deleted', async () => {
    const { key, cleartext } = (await create()).body
    const { id } = key
    await manage('accesskey/deactivate', { id })
    expect((await exchange(cleartext)).body.errorCode).toBe('E062803')
    expect(await read(`accesskey?id=${id}`)).toMatchObject({ key: { status: 'inactive' } })
    await manage('accesskey/activate/batch', { ids: [id] })
    expect((await exchange(cleartext)).status).toBe(200)
    const rotated = (await manage('accesskey/rotate', { id })).body
    expect(rotated.key.id).toBe(id)
    expect((await exchange(cleartext)).body.errorCode).toBe('E062803')
    expect((await exchange(rotated.cleartext)).status).toBe(200)
    await manage('accesskey/delete', { id })
    expect((await exchange(rotated.cleartext)).body.errorCode).toBe('E062803')
    expect((await manage('accesskey/delete', { id })).body.errorCode).toBe('E011004')
  })

  it('is updated and searched', async () => {
    const { key } = (await create({ keyTenants: [{ tenantId: 'T1', roleNames: ['owner'] }] })).body
    await create({ name: 'other' })
    const search = async (body: object): Promise<string[]> =>
      namesIn(await manage('accesskey/search', body), 'keys')
    expect(await search({})).toEqual(['ci', 'other'])
    expect(await search({ tenantIds: ['T1'] })).toEqual(['ci'])
    const update = { id: key.id, name: 'cd', description: 'Deployment' }
    expect((await manage('accesskey/update', update)).body.key).toMatchObject({
      name: 'cd',
      description: 'Deployment',
      keyTenants: [],
    })
  })
})
