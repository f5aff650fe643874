/** How a process gets and keeps its identity, and how it judges a peer's. */
@NullMarked
package io.beringia.trust.client;

import org.jspecify.annotations.NullMarked;
