/** Primes modulo which the powers of 65537 leave most residues out. */
const markers = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]

/** For each marker, every residue that is a power of 65537. */
const fingerprints: ReadonlyMap<bigint, ReadonlySet<bigint>> = new Map(
  markers.map((marker) => [BigInt(marker), powersModulo(BigInt(marker))]),
)

/**
 * Whether an RSA modulus was made by the chips of CVE-2017-15361 ("ROCA"), whose keys can be
 * factored: their primes are powers of 65537 modulo many small primes at once, and so is the
 * product. A sound modulus looks like that once in 2^27 (Nemec et al., CCS 2017, section 2.2).
 */
export function isRocaModulus(modulus: bigint): boolean {
  for (const [marker, residues] of fingerprints) {
    if (!residues.has(modulus % marker)) return false
  }
  return true
}

function powersModulo(marker: bigint): ReadonlySet<bigint> {
  const residues = new Set<bigint>()
  for (let power = 1n; !residues.has(power); power = (power * 65_537n) % marker) residues.add(power)
  return residues
}
