import type { Endpoint } from '../endpoint.ts'
import {
  createAccessKey,
  deleteAccessKeys,
  loadAccessKey,
  rotateAccessKey,
  searchAccessKeys,
  setActive,
  updateAccessKey,
} from './access-keys.ts'
import { createSignInLink, createSignUpLink } from './embedded-links.ts'
import { generateEnchantedLink, generateMagicLink } from './generated-links.ts'
import { license } from './license.ts'
import {
  createPermission,
  createPermissions,
  deletePermission,
  deletePermissions,
  loadPermissions,
  updatePermission,
  updatePermissions,
} from './permissions.ts'
import {
  createRole,
  createRoles,
  deleteRole,
  deleteRoles,
  loadRoles,
  searchRoles,
  updateRole,
  updateRoles as updateRoleBatch,
} from './roles.ts'
import { managementSignIn, managementSignUp, managementSignUpOrIn, updateJwt } from './sign-in.ts'
import {
  createTenant,
  deleteTenant,
  loadTenant,
  loadTenants,
  searchTenants,
  updateDefaultRoles,
  updateTenant,
} from './tenants.ts'
import { loadUsers, searchTestUsers, searchUsers } from './user-search.ts'
import {
  addToTenant,
  patchUser,
  patchUsers,
  removeFromTenant,
  updateAddress,
  updateCustomAttribute,
  updateLoginId,
  updateProfile,
  updateRecovery,
  updateRoles,
  updateSsoApps,
  updateStatus,
  updateUser,
} from './user-updates.ts'
import {
  createTestUser,
  createUser,
  createUsers,
  deleteTestUsers,
  deleteUser,
  deleteUsers,
  loadUser,
  logoutUser,
  userHistory,
} from './users.ts'

/** The endpoints of the management API. SDKs of different ages use `/v1` and `/v2` of some. */
export const managementEndpoints: readonly Endpoint[] = [
  get('/v1/mgmt/license', license),

  get('/v1/mgmt/user', loadUser),
  post('/v1/mgmt/users/load', loadUsers),
  post('/v1/mgmt/user/search', searchUsers),
  post('/v2/mgmt/user/search', searchUsers),
  post('/v2/mgmt/user/search/test', searchTestUsers),
  post('/v1/mgmt/user/create', createUser),
  post('/v1/mgmt/user/create/test', createTestUser),
  post('/v1/mgmt/user/create/batch', createUsers),
  post('/v1/mgmt/user/update', updateUser),
  endpoint('PATCH', '/v1/mgmt/user/patch', patchUser),
  endpoint('PATCH', '/v1/mgmt/user/patch/batch', patchUsers),
  post('/v1/mgmt/user/update/status', updateStatus),
  post('/v1/mgmt/user/update/loginid', updateLoginId),
  post('/v1/mgmt/user/update/email', updateAddress('email')),
  post('/v1/mgmt/user/update/phone', updateAddress('phone')),
  post('/v1/mgmt/user/update/name', updateProfile),
  post('/v1/mgmt/user/update/picture', updateProfile),
  post('/v1/mgmt/user/update/recovery/email', updateRecovery),
  post('/v1/mgmt/user/update/recovery/phone', updateRecovery),
  post('/v1/mgmt/user/update/customAttribute', updateCustomAttribute),
  post('/v1/mgmt/user/update/role/set', updateRoles('set')),
  post('/v1/mgmt/user/update/role/add', updateRoles('add')),
  post('/v2/mgmt/user/update/role/add', updateRoles('add')),
  post('/v1/mgmt/user/update/role/remove', updateRoles('remove')),
  post('/v1/mgmt/user/update/tenant/add', addToTenant),
  post('/v1/mgmt/user/update/tenant/remove', removeFromTenant),
  post('/v1/mgmt/user/update/ssoapp/set', updateSsoApps('set')),
  post('/v1/mgmt/user/update/ssoapp/add', updateSsoApps('add')),
  post('/v1/mgmt/user/update/ssoapp/remove', updateSsoApps('remove')),
  post('/v1/mgmt/user/delete', deleteUser),
  post('/v1/mgmt/user/delete/batch', deleteUsers),
  endpoint('DELETE', '/v1/mgmt/user/test/delete/all', deleteTestUsers),
  post('/v1/mgmt/user/logout', logoutUser),
  post('/v1/mgmt/user/history', userHistory),

  post('/v1/mgmt/user/signin/embeddedlink', createSignInLink),
  post('/v1/mgmt/user/signup/embeddedlink', createSignUpLink),
  post('/v1/mgmt/tests/generate/magiclink', generateMagicLink),
  post('/v1/mgmt/tests/generate/enchantedlink', generateEnchantedLink),
  post('/v1/mgmt/auth/signin', managementSignIn),
  post('/v1/mgmt/auth/signup', managementSignUp),
  post('/v1/mgmt/auth/signup-in', managementSignUpOrIn),
  post('/v1/mgmt/jwt/update', updateJwt),

  post('/v1/mgmt/accesskey/create', createAccessKey),
  get('/v1/mgmt/accesskey', loadAccessKey),
  post('/v1/mgmt/accesskey/search', searchAccessKeys),
  post('/v1/mgmt/accesskey/update', updateAccessKey),
  post('/v1/mgmt/accesskey/activate', setActive(true)),
  post('/v1/mgmt/accesskey/activate/batch', setActive(true)),
  post('/v1/mgmt/accesskey/deactivate', setActive(false)),
  post('/v1/mgmt/accesskey/deactivate/batch', setActive(false)),
  post('/v1/mgmt/accesskey/delete', deleteAccessKeys),
  post('/v1/mgmt/accesskey/delete/batch', deleteAccessKeys),
  post('/v1/mgmt/accesskey/rotate', rotateAccessKey),

  post('/v1/mgmt/tenant/create', createTenant),
  get('/v1/mgmt/tenant', loadTenant),
  get('/v1/mgmt/tenant/all', loadTenants),
  post('/v1/mgmt/tenant/search', searchTenants),
  post('/v1/mgmt/tenant/update', updateTenant),
  post('/v1/mgmt/tenant/updateDefaultRoles', updateDefaultRoles),
  post('/v1/mgmt/tenant/delete', deleteTenant),

  post('/v1/mgmt/role/create', createRole),
  post('/v1/mgmt/role/create/batch', createRoles),
  get('/v1/mgmt/role/all', loadRoles),
  post('/v1/mgmt/role/search', searchRoles),
  post('/v1/mgmt/role/update', updateRole),
  post('/v1/mgmt/role/update/batch', updateRoleBatch),
  post('/v1/mgmt/role/delete', deleteRole),
  post('/v1/mgmt/role/delete/batch', deleteRoles),

  post('/v1/mgmt/permission/create', createPermission),
  post('/v1/mgmt/permission/create/batch', createPermissions),
  get('/v1/mgmt/permission/all', loadPermissions),
  post('/v1/mgmt/permission/update', updatePermission),
  post('/v1/mgmt/permission/update/batch', updatePermissions),
  post('/v1/mgmt/permission/delete', deletePermission),
  post('/v1/mgmt/permission/delete/batch', deletePermissions),
]

function endpoint(method: Endpoint['method'], path: string, handle: Endpoint['handle']): Endpoint {
  return { method, path, access: 'management', handle }
}

function post(path: string, handle: Endpoint['handle']): Endpoint {
  return endpoint('POST', path, handle)
}

function get(path: string, handle: Endpoint['handle']): Endpoint {
  return endpoint('GET', path, handle)
}
