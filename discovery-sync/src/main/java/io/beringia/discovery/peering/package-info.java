/** What clusters tell each other of what they export: what may leave, what a peer may say, and the links between them. */
@NullMarked
package io.beringia.discovery.peering;

import org.jspecify.annotations.NullMarked;
