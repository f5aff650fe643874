/** Names of the clusterset: what is answered, pure, and the servers that ask it. */
@NullMarked
package io.beringia.discovery.dns;

import org.jspecify.annotations.NullMarked;
