declare module 'undici/lib/dispatcher/pool.js' {
  import type { Pool } from 'undici'

  const PoolAlone: typeof Pool
  export default PoolAlone
}
