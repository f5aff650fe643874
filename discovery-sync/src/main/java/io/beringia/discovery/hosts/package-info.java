/** How the hosts of WorkloadEntries are, written to our own API for everybody. */
@NullMarked
package io.beringia.discovery.hosts;

import org.jspecify.annotations.NullMarked;
