/** Who leads, and the one write that only the leader can make. Curator stays in here. */
@NullMarked
package io.beringia.failover.zookeeper;

import org.jspecify.annotations.NullMarked;
