/** What one peer may cost us. */
@NullMarked
package io.beringia.gateway.limits;

import org.jspecify.annotations.NullMarked;
