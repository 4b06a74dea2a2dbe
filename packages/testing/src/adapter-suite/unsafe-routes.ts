/** Every route below `basePath` with an effect, for `methods` that include `enchanted`. */
export const unsafeRoutes: readonly string[] = [
  ...['/magic-link', '/enchanted-link', '/enchanted-link/verify', '/enchanted-link/complete'],
  ...[
    '/verify',
    '/step-up',
    '/step-up/complete',
    '/email',
    '/phone',
    '/tenant',
    '/refresh',
    '/logout',
    '/logout-all',
  ],
]
