/** How a gateway lets go of its tunnels before it ends. */
@NullMarked
package io.beringia.gateway.drain;

import org.jspecify.annotations.NullMarked;
