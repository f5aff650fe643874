/** The gateway's wiring, configuration and telemetry. */
@NullMarked
package io.beringia.gateway;

import org.jspecify.annotations.NullMarked;
