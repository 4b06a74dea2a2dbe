import type { Diagnosis } from '../diagnosis.ts'

export const tls: Diagnosis = {
  name: 'tls',
  examine: ({ keySet, baseUrl, environment }) => {
    if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
      return {
        status: 'problem',
        found: 'NODE_TLS_REJECT_UNAUTHORIZED is 0, so no certificate is verified',
        expected: 'certificates are verified: without that, anyone on the way can read tokens',
        fix: 'Remove the variable. For a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its CA.',
      }
    }
    if (baseUrl?.protocol !== 'https:')
      return { status: 'skipped', found: 'the base URL is not https' }
    if (keySet === undefined) return { status: 'skipped', found: 'no connection was made' }
    if (keySet.reached)
      return { status: 'ok', found: `the certificate of ${baseUrl.host} is valid` }
    const { code, message } = keySet
    if (!isTlsCode(code)) return { status: 'skipped', found: 'no connection was made; see key-set' }
    return {
      status: 'problem',
      found: `the certificate of ${baseUrl.host} is not accepted: ${message}`,
      expected: 'a certificate for this host, by a CA that Node knows',
      fix: tlsFix(code),
    }
  },
}

/** Whether a connection failed for its certificate. */
export function isTlsCode(code: string): boolean {
  return /CERT|^ERR_(?:TLS|SSL)|UNABLE_TO_|^EPROTO$|^HOSTNAME_MISMATCH$/.test(code)
}

function tlsFix(code: string): string {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return 'Check the clock of this machine; else its operator must renew the certificate.'
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'Use the host that the certificate is for in DESCOPE_BASE_URL.'
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return 'Check the protocol of DESCOPE_BASE_URL: what listens there speaks no TLS.'
  }
  return 'If a proxy of your company inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA.'
}
