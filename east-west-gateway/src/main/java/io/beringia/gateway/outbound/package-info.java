/** Dials: candidates, pooled tunnels to other gateways, sockets. */
@NullMarked
package io.beringia.gateway.outbound;

import org.jspecify.annotations.NullMarked;
