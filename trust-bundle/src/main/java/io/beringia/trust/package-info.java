/** The role {@code trust}: what it tells its operators, and how it is put together. */
@NullMarked
package io.beringia.trust;

import org.jspecify.annotations.NullMarked;
