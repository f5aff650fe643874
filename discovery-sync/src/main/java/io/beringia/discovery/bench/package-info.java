/** How late discovery is and what it costs, at sizes that tests do not have. */
@NullMarked
package io.beringia.discovery.bench;

import org.jspecify.annotations.NullMarked;
