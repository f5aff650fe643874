/** The observer in every gateway: what it sees of the ways to others, and which look is due next. */
@NullMarked
package io.beringia.gateway.observe;

import org.jspecify.annotations.NullMarked;
