/** Where one CONNECT goes: pure, without Netty. */
@NullMarked
package io.beringia.gateway.routing;

import org.jspecify.annotations.NullMarked;
