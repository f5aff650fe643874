/** Protocols: how catalog values are read, written and followed; a contract for gateway and failover. */
@NullMarked
package io.beringia.discovery.wire;

import org.jspecify.annotations.NullMarked;
