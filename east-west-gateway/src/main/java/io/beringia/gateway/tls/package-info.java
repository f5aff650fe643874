/** TLS of every tunnel: contexts of one SVID, and the verdict on the peer of one handshake. */
@NullMarked
package io.beringia.gateway.tls;

import org.jspecify.annotations.NullMarked;
