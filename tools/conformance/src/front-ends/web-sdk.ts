import type webSdk from '@descope/web-js-sdk'

/** The client that the SDKs of front ends hand out, as the cases use it. */
export type WebSdk = ReturnType<typeof webSdk>
