/** What decisions cost and how long they take, measured in one process; see {@link FailoverBenchMain}. */
@NullMarked
package io.beringia.failover.bench;

import org.jspecify.annotations.NullMarked;
