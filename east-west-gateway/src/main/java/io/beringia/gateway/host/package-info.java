/** The host proxy: ztunnel's part for one workload on a virtual machine, a laptop or in a test. */
@NullMarked
package io.beringia.gateway.host;

import org.jspecify.annotations.NullMarked;
