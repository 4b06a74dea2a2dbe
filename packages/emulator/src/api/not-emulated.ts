/**
 * What else the service has, and the paths of it. A path stands for itself and for every path below
 * it; a path below none of them is not one of the service.
 */
const features: readonly (readonly [feature: string, ...paths: string[]])[] = [
  ['one-time codes (OTP)', '/v1/auth/otp', '/v1/mgmt/tests/generate/otp'],
  ['nOTP', '/v1/auth/notp'],
  ['passwords', '/v1/auth/password', '/v1/mgmt/password', '/v1/mgmt/user/password'],
  ['authenticator apps (TOTP)', '/v1/auth/totp', '/v1/mgmt/user/totp'],
  ['passkeys (WebAuthn)', '/v1/auth/webauthn', '/v1/mgmt/user/passkey', '/v1/mgmt/user/passkeys'],
  ['OAuth', '/v1/auth/oauth', '/v1/auth/onetap', '/v1/mgmt/user/provider', '/oauth2/v1'],
  ['SAML', '/v1/auth/saml', '/v1/auth/idp'],
  ['SSO', '/v1/auth/sso', '/v1/mgmt/sso', '/v2/mgmt/sso', '/v1/mgmt/group', '/scim/v2'],
  ['SSO', '/v1/mgmt/tenant/adminlinks', '/v2/mgmt/tenant/adminlinks'],
  ['the exchange of a code for a session', '/v1/auth/exchange'],
  ['flows', '/v1/flow', '/v2/flow', '/v1/mgmt/flow', '/v1/mgmt/theme'],
  ['trusted devices', '/v1/mgmt/user/trusteddevices'],
  [
    'the schema of custom attributes',
    '/v1/mgmt/user/customattribute',
    '/v1/mgmt/user/customattributes',
  ],
  ['the import of users', '/v1/mgmt/user/import'],
  ['impersonation', '/v1/mgmt/impersonate', '/v1/mgmt/stop/impersonation'],
  ['anonymous users', '/v1/mgmt/auth/anonymous'],
  ['client assertions', '/v1/mgmt/token/clientassertion'],
  ['JWT templates', '/v1/mgmt/jwt/templates'],
  ['the mapping of scopes to claims', '/v1/mgmt/scopeClaimMapping'],
  ['settings of tenants', '/v1/mgmt/tenant/settings'],
  ['audit and analytics', '/v1/mgmt/audit', '/v2/mgmt/connector', '/v1/mgmt/analytics'],
  ['authorization by relations (FGA, ReBAC)', '/v1/mgmt/authz', '/v1/mgmt/fga'],
  ['projects and their snapshots', '/v1/mgmt/project', '/v1/mgmt/projects'],
  ['inbound apps', '/v1/mgmt/thirdparty'],
  ['outbound apps', '/v1/mgmt/outbound', '/v1/outbound'],
  ['accounts and keys of the console', '/v1/mgmt/descoper', '/v1/mgmt/managementkey'],
  ['engines', '/v1/mgmt/engine', '/v1/mgmt/engines'],
  ['lists', '/v1/mgmt/list'],
]

/** The feature of the service that a path belongs to; undefined for a path that is not the service's. */
export function notEmulated(path: string): string | undefined {
  const found = features.find(([, ...paths]) =>
    paths.some((known) => path === known || path.startsWith(`${known}/`)),
  )
  return found?.[0]
}
