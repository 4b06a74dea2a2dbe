/**
 * A self-signed certificate for localhost, which no client trusts, and its key. Made for tests with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 * -subj /CN=localhost`
 */
export const selfSigned = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUJzHm2z+NGbrAetGu1BKqJh0JB/IwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA2NTQ0NloYDzIxMjYxMDI5
MDY1NDQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARFCbyO1Tbx385PrsCGD3wjZpAsqam00WwBNgYzqz7mRiE3RFmXRD9b
IAmLznqA8x2tINYm/eOAfY6J5ljrwtHbo28wbTAdBgNVHQ4EFgQUrbaER6jGNEOy
L7R5Uz7Y5HYJZo4wHwYDVR0jBBgwFoAUrbaER6jGNEOyL7R5Uz7Y5HYJZo4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgFkQ1s0ZOjIdQzxjK2WEc4qYJq8wyvdWSusJtGGNDH8UCIQCF
Tug+f2hozuoFlYYloA30OG2YMueV7N7/aQE5v62f9Q==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgC9NBlGpLeCw60ZAb
SalElfeYfOTuz8YqM2NDpc3aEMKhRANCAARFCbyO1Tbx385PrsCGD3wjZpAsqam0
0WwBNgYzqz7mRiE3RFmXRD9bIAmLznqA8x2tINYm/eOAfY6J5ljrwtHb
-----END PRIVATE KEY-----`,
}
