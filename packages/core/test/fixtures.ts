/** Values that tests share; none of them is real. */
export const projectId = 'P2abcdefghijklmnopqrstuvwxyz01'
export const refreshJwt = 'eyJhbGciOiJSUzI1NiJ9.eyJkcm4iOiJEU1IifQ.cmVmcmVzaA'
export const sessionJwt = 'eyJhbGciOiJSUzI1NiJ9.eyJkcm4iOiJEUyJ9.c2Vzc2lvbg'
export const uri = 'https://app.example.test/auth/verify'
