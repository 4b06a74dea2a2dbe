import { createPublicKey, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { generateRsaKey } from '../world/tokens/rsa-key.ts'

/** A certificate for a server, and the authority that issued it, all as PEM. */
export interface ServerCertificate {
  /** The certificate to trust: of an authority that exists for this one server alone. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const dayMs = 24 * 60 * 60 * 1000
// Apple's systems trust no server certificate that lasts longer than 825 days.
const validDays = 365

/**
 * Makes a certificate for host names and IP addresses, valid from yesterday on for a year. The key of
 * its authority is thrown away, so that trusting it trusts no other certificate.
 */
export async function createCertificate(
  hosts: readonly string[],
  now: number,
): Promise<ServerCertificate> {
  const { default: forge } = await import('node-forge')
  const [authority, server] = await Promise.all([rsaKey(), rsaKey()])
  // A name of its own: clients that trust several find the one that signed by its name.
  const name = `Linkpass emulator ${randomBytes(4).toString('hex')}`
  const issuer = [{ name: 'commonName', value: name }]

  const certify = (
    publicKey: string,
    subject: typeof issuer,
    extensions: readonly object[],
  ): string => {
    const certificate = forge.pki.createCertificate()
    certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
    // Positive, as RFC 5280 section 4.1.2.2 requires: the first byte is below 0x80.
    certificate.serialNumber = `01${randomBytes(15).toString('hex')}`
    certificate.validity.notBefore = new Date(now - dayMs)
    certificate.validity.notAfter = new Date(now + validDays * dayMs)
    certificate.setSubject(subject)
    certificate.setIssuer(issuer)
    certificate.setExtensions([...extensions])
    certificate.sign(forge.pki.privateKeyFromPem(authority.privateKey), forge.md.sha256.create())
    return forge.pki.certificateToPem(certificate)
  }

  // Types of RFC 5280 section 4.2.1.6: 7 is an IP address, 2 a DNS name.
  const altNames = hosts.map((host) =>
    isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
  )
  return {
    ca: certify(authority.publicKey, issuer, [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ]),
    cert: certify(
      server.publicKey,
      [{ name: 'commonName', value: 'localhost' }],
      [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { name: 'subjectAltName', altNames },
      ],
    ),
    key: server.privateKey,
  }
}

async function rsaKey(): Promise<{ publicKey: string; privateKey: string }> {
  const key = await generateRsaKey()
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
}
