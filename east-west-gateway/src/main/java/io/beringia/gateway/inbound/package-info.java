/** Listeners, and what happens to one CONNECT. */
@NullMarked
package io.beringia.gateway.inbound;

import org.jspecify.annotations.NullMarked;
