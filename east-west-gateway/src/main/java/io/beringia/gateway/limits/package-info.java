/** What peers may cost us, each and together. */
@NullMarked
package io.beringia.gateway.limits;

import org.jspecify.annotations.NullMarked;
