/** {@code beringia region}: what operators type. */
@NullMarked
package io.beringia.failover.cli;

import org.jspecify.annotations.NullMarked;
