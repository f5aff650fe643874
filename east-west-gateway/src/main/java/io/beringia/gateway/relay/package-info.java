/** Bytes between two ends, opaque and in both directions. */
@NullMarked
package io.beringia.gateway.relay;

import org.jspecify.annotations.NullMarked;
