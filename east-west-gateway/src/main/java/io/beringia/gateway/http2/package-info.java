/** HBONE over Netty's HTTP/2 codec: one connection, its streams, its settings. */
@NullMarked
package io.beringia.gateway.http2;

import org.jspecify.annotations.NullMarked;
