/** Faults on purpose: processes that are stopped, frozen and killed, only by the pid under which we started them. */
@NullMarked
package io.beringia.scenarios.fault;

import org.jspecify.annotations.NullMarked;
